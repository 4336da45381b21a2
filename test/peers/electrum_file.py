# A real Electrum makes watch-only wallets and says what it would write to their files.
# usage: python3 electrum_file.py FOLDER       (FOLDER: empty, where Electrum may keep what it keeps)
#   in: one JSON list of {"form", "threshold", "keys": [{"xpub", "path", "fingerprint", "label"}]}
#   out: one JSON list of {"file": text, "receive": [three addresses], "change": [three]}
import json, sys

from electrum import constants, keystore, util, wallet
from electrum.bip32 import BIP32Node
from electrum.simple_config import SimpleConfig
from electrum.wallet_db import WalletDB

constants.set_regtest()
loop, stop, thread = util.create_and_start_event_loop()
config = SimpleConfig({"electrum_path": sys.argv[1], "regtest": True})


def make(form, threshold, keys):
    db = WalletDB("", manual_upgrades=False)
    for i, key in enumerate(keys):
        xpub = BIP32Node.from_xkey(key["xpub"])._replace(xtype=form).to_xpub()
        store = keystore.from_master_key(xpub)
        store.add_key_origin(derivation_prefix=key["path"], root_fingerprint=key["fingerprint"])
        store.label = key["label"]
        db.put("keystore" if len(keys) == 1 else f"x{i + 1}/", store.dump())
    db.put("wallet_type", "standard" if len(keys) == 1 else f"{threshold}of{len(keys)}")
    made = wallet.Wallet(db, None, config=config)
    made.synchronize()
    made.save_db()
    return {
        "file": db.dump(),
        "receive": made.get_receiving_addresses()[:3],
        "change": made.get_change_addresses()[:3],
    }


print(json.dumps([make(**one) for one in json.load(sys.stdin)]))
loop.call_soon_threadsafe(stop.set_result, 1)
