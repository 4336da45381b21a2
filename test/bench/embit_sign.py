# Signs PSBT files with embit (what SeedSigner, Krux and Specter-DIY run) and prints CPU milliseconds.
# usage: EMBIT_HOME=…/src python3 embit_sign.py ROUNDS MNEMONIC FILE…   → one JSON line a file
import json, os, sys, time

sys.path.insert(0, os.environ["EMBIT_HOME"])
from embit import bip32, bip39  # noqa: E402
from embit.psbt import PSBT  # noqa: E402
import embit.util.secp256k1 as curve  # noqa: E402

rounds, mnemonic, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
root = bip32.HDKey.from_seed(bip39.mnemonic_to_seed(mnemonic))
native = "ctypes" in getattr(curve.ec_pubkey_create, "__module__", "")
for file in files:
    raw = open(file, "rb").read()
    best = None
    for _ in range(rounds):
        started = time.process_time()
        psbt = PSBT.parse(raw)
        signed = psbt.sign_with(root)
        psbt.serialize()
        spent = (time.process_time() - started) * 1000
        best = spent if best is None else min(best, spent)
    print(json.dumps({"file": file, "signed": signed, "cpuMs": best, "native": native}), flush=True)
