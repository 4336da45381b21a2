"""A terminal that a test plays: terminal_peer.py COLUMNS ROWS PROGRAM ARGUMENT…
What the program writes to it comes out of standard output; its standard error is ours. Lines on standard input:
"type HEX", "size COLUMNS ROWS", "signal NUMBER". Ends when the program does, with its exit code; when standard input ends the terminal is hung up."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def main():
    columns, rows, *command = sys.argv[1:]
    gate, opened = os.pipe()
    errors = os.dup(2)
    child, terminal = pty.fork()
    if child == 0:
        os.dup2(errors, 2)
        os.close(opened)
        os.read(gate, 1)
        os.execvp(command[0], command)
    resize(terminal, columns, rows)
    os.close(opened)
    waiting = b""
    while True:
        ready, _, _ = select.select([terminal, 0], [], [])
        if terminal in ready:
            try:
                written = os.read(terminal, 65536)
            except OSError:
                written = b""
            if written == b"":
                break
            os.write(1, written)
        if 0 in ready:
            said = os.read(0, 65536)
            if said == b"":
                os.close(terminal)
                break
            *lines, waiting = (waiting + said).split(b"\n")
            for line in lines:
                verb, *words = line.split()
                if verb == b"type":
                    os.write(terminal, bytes.fromhex(words[0].decode()))
                elif verb == b"signal":
                    os.kill(child, int(words[0]))
                else:
                    resize(terminal, *words)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
