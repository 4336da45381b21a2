# A real FIDO2 client (python3-fido2) that answers one JSON line with one JSON line; bytes are hex.
# usage: python3 fido2_peer.py
#   {"do": "math", "version": 1|2, "secret": platform's, "point": the key's, "plain": …, "sealed": …, "message": …}
#          → {"ours": …, "shared": …, "sealed": plain sealed, "opened": sealed opened, "mark": of the message}
#   {"do": "make", "key": [program and options], "pin"?, "uv"?}   a credential with hmac-secret, attestation verified
#          → {"id": …, "point": …, "verified": …}
#   {"do": "ask", "key": …, "id": …, "point": …, "salts": [one or two], "pin"?, "uv"?}   assertion verified
#          → {"outputs": [one or two], "verified": …, "counter": …}
#   {"do": "sign", "key": …, "id": …, "challenge": …, "pin"?}   → {"data": authenticator data, "signature": …}
#   {"do": "check", "point": …, "challenge": …, "data": …, "signature": …}   → {"signed": whether}
#   {"do": "pin", "key": …, "version": 1|2, "set"?, "old"?, "new"?, "try"?}   → {"retries": …, "status": "OK" or a name}
import json, subprocess, sys
from unittest import mock

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.attestation import Attestation
from fido2.client import ClientError, Fido2Client
from fido2.cose import ES256
from fido2.ctap import CtapError
from fido2.ctap2 import ClientPin, Ctap2, PinProtocolV1, PinProtocolV2
from fido2.hid import CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor

RP, USER = {"id": "firn.local", "name": "Firn"}, {"id": b"someone", "name": "someone"}
CHALLENGE = b"challenge of a test"


class Pipe(CtapHidConnection):
    """The authenticator as a program that speaks frames on its standard input and output."""

    def __init__(self, program):
        self.child = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def write_packet(self, packet):
        assert len(packet) == 64
        self.child.stdin.write(packet)

    def read_packet(self):
        packet = b""
        while len(packet) < 64:
            piece = self.child.stdout.read(64 - len(packet))
            assert piece, "the authenticator ended"
            packet += piece
        return packet

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def on_key(ask, act):
    device = CtapHidDevice(HidDescriptor("pipe", 0, 0, 64, 64), Pipe(ask["key"]))
    try:
        device.ping(b"x" * 500)
        return act(device)
    finally:
        device.close()


def math(ask):
    protocol = {1: PinProtocolV1, 2: PinProtocolV2}[ask["version"]]()
    key = ec.derive_private_key(int(ask["secret"], 16), ec.SECP256R1(), default_backend())
    point = bytes.fromhex(ask["point"])
    with mock.patch("fido2.ctap2.pin.ec.generate_private_key", return_value=key):
        ours, shared = protocol.encapsulate({1: 2, 3: -25, -1: 1, -2: point[:32], -3: point[32:]})
    return {
        "ours": (ours[-2] + ours[-3]).hex(),
        "shared": shared.hex(),
        "sealed": protocol.encrypt(shared, bytes.fromhex(ask["plain"])).hex(),
        "opened": protocol.decrypt(shared, bytes.fromhex(ask["sealed"])).hex(),
        "mark": protocol.authenticate(shared, bytes.fromhex(ask["message"])).hex(),
    }


def verification(ask):
    return "required" if ask.get("uv") else "discouraged"


def make(ask):
    def act(device):
        client = Fido2Client(device, "https://firn.local")
        made = client.make_credential(
            {
                "rp": RP,
                "user": USER,
                "challenge": CHALLENGE,
                "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
                "extensions": {"hmacCreateSecret": True},
                "authenticatorSelection": {"userVerification": verification(ask)},
            },
            pin=ask.get("pin"),
        )
        assert made.extension_results == {"hmacCreateSecret": True}
        attestation = made.attestation_object
        data = attestation.auth_data
        Attestation.for_type(attestation.fmt)().verify(attestation.att_statement, data, made.client_data.hash)
        key = data.credential_data.public_key
        point = key[-2] + key[-3]
        return {"id": data.credential_data.credential_id.hex(), "point": point.hex(), "verified": data.is_user_verified()}

    return on_key(ask, act)


def assertion(ask):
    def act(device):
        client = Fido2Client(device, "https://firn.local")
        salts = [bytes.fromhex(salt) for salt in ask["salts"]]
        selection = client.get_assertion(
            {
                "rpId": "firn.local",
                "challenge": CHALLENGE,
                "allowCredentials": [{"type": "public-key", "id": bytes.fromhex(ask["id"])}],
                "extensions": {"hmacGetSecret": dict(zip(["salt1", "salt2"], salts))},
                "userVerification": verification(ask),
            },
            pin=ask.get("pin"),
        )
        answer, point = selection.get_assertions()[0], bytes.fromhex(ask["point"])
        answer.verify(selection._client_data.hash, ES256({1: 2, 3: -7, -1: 1, -2: point[:32], -3: point[32:]}))
        outputs = selection.get_response(0).extension_results["hmacGetSecret"]
        return {
            "outputs": [outputs[name].hex() for name in ["output1", "output2"] if name in outputs],
            "verified": answer.auth_data.is_user_verified(),
            "counter": answer.auth_data.counter,
        }

    return on_key(ask, act)


def sign(ask):
    """The bare command, with any 32 bytes in the place of the client data hash."""

    def act(device):
        ctap, challenge = Ctap2(device), bytes.fromhex(ask["challenge"])
        proof = {}
        if "pin" in ask:
            client = ClientPin(ctap)
            token = client.get_pin_token(ask["pin"], ClientPin.PERMISSION.GET_ASSERTION, "firn.local")
            proof = {
                "pin_uv_param": client.protocol.authenticate(token, challenge),
                "pin_uv_protocol": client.protocol.VERSION,
            }
        named = [{"type": "public-key", "id": bytes.fromhex(ask["id"])}]
        answer = ctap.get_assertion("firn.local", challenge, named, **proof)
        return {"data": bytes(answer.auth_data).hex(), "signature": answer.signature.hex()}

    return on_key(ask, act)


def check(ask):
    point = bytes.fromhex(ask["point"])
    key = ES256({1: 2, 3: -7, -1: 1, -2: point[:32], -3: point[32:]})
    signed = bytes.fromhex(ask["data"]) + bytes.fromhex(ask["challenge"])
    try:
        key.verify(signed, bytes.fromhex(ask["signature"]))
        return {"signed": True}
    except InvalidSignature:
        return {"signed": False}


def pin(ask):
    def act(device):
        client = ClientPin(Ctap2(device), {1: PinProtocolV1, 2: PinProtocolV2}[ask["version"]]())
        status = "OK"
        try:
            if "set" in ask:
                client.set_pin(ask["set"])
            if "new" in ask:
                client.change_pin(ask["old"], ask["new"])
            if "try" in ask:
                client.get_pin_token(ask["try"], ClientPin.PERMISSION.GET_ASSERTION, "firn.local")
        except CtapError as error:
            status = error.code.name
        return {"retries": client.get_pin_retries()[0], "status": status}

    return on_key(ask, act)


for line in sys.stdin:
    question = json.loads(line)
    try:
        said = {"math": math, "make": make, "ask": assertion, "sign": sign, "check": check, "pin": pin}[question["do"]](question)
    except ClientError as error:
        said = {"refused": error.code.name}
    print(json.dumps(said), flush=True)
