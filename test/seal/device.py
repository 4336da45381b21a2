# Gives a TPM behind a socket the face of a device file: a terminal in raw mode, commands in, answers out.
# Prints the device's path. With no socket it swallows what is written and answers nothing.

import os, pty, socket, struct, sys, tty

master, slave = pty.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
tpm = socket.socket(socket.AF_UNIX) if len(sys.argv) > 1 else None
if tpm:
    tpm.connect(sys.argv[1])


def whole(read):
    data = b""
    while len(data) < 10 or len(data) < struct.unpack(">I", data[2:6])[0]:
        more = read()
        if not more:
            sys.exit(0)
        data += more
    return data


while True:
    command = whole(lambda: os.read(master, 4096))
    if tpm:
        tpm.sendall(command)
        os.write(master, whole(lambda: tpm.recv(4096)))
