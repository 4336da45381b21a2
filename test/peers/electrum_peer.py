# A real Electrum, offline, that answers one JSON line with one JSON line.
# usage: python3 electrum.py FOLDER       (FOLDER: empty, where Electrum may keep what it keeps)
#   {"do": "make", "form": …, "threshold": …, "keys": [{"xpub", "path", "fingerprint"}], "coins": [sats],
#    "to": address, "amount": sats, "fee": sats}; a key with "xprv" is one that it signs with
#   {"do": "make", "file": what stands in a wallet file, "coins", "to", "amount", "fee": the same}
#          → {"wallet": number, "psbt": base64, "qr": base43 as Electrum's own code carries it, "addresses": …}
#   {"do": "look", "file": …} → {"type": its kind, "script": …, "stores": what it knows of each key, "receive", "change": addresses}
#   {"do": "key", "text": what a code carries} → {"xtype": …, "xpub": …}, or null where it is no master key
#   {"do": "finish", "wallet": number, "texts": [PSBT as read from a code, to be combined]}
#          → {"complete": …, "txid"?, "final"?: hex}
#   {"do": "sign", "wallet": number, "text": PSBT} → the same with the signatures of the keys that it holds, base64
#   {"do": "sign_message", "secret": hex, "text": …} → the signature, base64
#   {"do": "verify_message", "address": …, "text": …, "signature": base64} → true or false
import base64, json, os, sys

from electrum import constants, ecc, keystore, util, wallet
from electrum.bip32 import BIP32Node
from electrum.simple_config import SimpleConfig
from electrum.transaction import PartialTxOutput, Transaction, TxOutpoint, tx_from_any
from electrum.transaction import PartialTransaction, PartialTxInput
from electrum.address_synchronizer import TX_HEIGHT_UNCONFIRMED
from electrum.wallet_db import WalletDB

constants.set_regtest()
loop, stop, thread = util.create_and_start_event_loop()
config = SimpleConfig({"electrum_path": sys.argv[1], "regtest": True})


def wallet_of(form, threshold, keys):
    """A wallet of Electrum's of these keys: those that come with their secret are its own."""
    db = WalletDB("", manual_upgrades=False)
    stores = []
    for key in keys:
        node = BIP32Node.from_xkey(key.get("xprv", key["xpub"]))._replace(xtype=form)
        store = keystore.from_master_key(node.to_xprv() if node.is_private() else node.to_xpub())
        store.add_key_origin(derivation_prefix=key["path"], root_fingerprint=key["fingerprint"])
        stores.append(store)
    if len(keys) == 1:
        db.put("keystore", stores[0].dump())
        db.put("wallet_type", "standard")
        made = wallet.Standard_Wallet(db, None, config=config)
    else:
        for i, store in enumerate(stores):
            db.put(f"x{i + 1}/", store.dump())
        db.put("wallet_type", f"{threshold}of{len(keys)}")
        made = wallet.Multisig_Wallet(db, None, config=config)
    made.synchronize()
    return made


def opened(file):
    """A wallet file's content, as Electrum opens it: written by others, and by older versions."""
    db = WalletDB(file, manual_upgrades=True)
    if db.requires_upgrade():
        db.upgrade()
    made = wallet.Wallet(db, None, config=config)
    made.synchronize()
    return made


def funding(made, amounts):
    """Transactions from nowhere that pay the wallet's first addresses, one each."""
    for i, amount in enumerate(amounts):
        coin = PartialTxInput(prevout=TxOutpoint(txid=bytes([i + 1]) * 32, out_idx=i))
        coin.script_sig = b""
        coin.witness = b"\x01\x01\x00"
        address = made.get_receiving_addresses()[i]
        other = PartialTxOutput.from_address_and_value(made.get_receiving_addresses()[10 + i], 1111)
        mine = PartialTxOutput.from_address_and_value(address, amount)
        paid = PartialTransaction.from_io([coin], [mine, other], locktime=0)
        tx = Transaction(paid.serialize_to_network())
        made.adb.receive_tx_callback(tx.txid(), tx, TX_HEIGHT_UNCONFIRMED)


def make(coins, to, amount, fee, form=None, threshold=None, keys=None, file=None):
    made = opened(file) if file else wallet_of(form, threshold, keys)
    funding(made, coins)
    paid = [PartialTxOutput.from_address_and_value(to, amount)]
    spendable = made.get_spendable_coins(None)
    tx = made.make_unsigned_transaction(coins=spendable, outputs=paid, fee=fee)
    tx.add_info_from_wallet(made)
    psbt = base64.b64encode(tx.serialize_as_bytes()).decode()
    addresses = {"receive": made.get_receiving_addresses()[:3], "change": made.get_change_addresses()[:3]}
    wallets.append(made)
    return {"wallet": len(wallets) - 1, "psbt": psbt, "qr": tx.to_qr_data(), "addresses": addresses}


def finish(wallet, texts):
    """As its window does when a transaction is loaded from a code and combined."""
    tx, *others = [tx_from_any(text) for text in texts]
    tx.add_info_from_wallet(wallets[wallet])
    for other in others:
        tx.combine_with_other_psbt(other)
    tx.finalize_psbt()
    if not tx.is_complete():
        return {"complete": False}
    return {"complete": True, "txid": tx.txid(), "final": tx.serialize_to_network()}


def sign(wallet, text):
    tx = tx_from_any(text)
    tx.add_info_from_wallet(wallets[wallet])
    wallets[wallet].sign_transaction(tx, None)
    return base64.b64encode(tx.serialize_as_bytes(force_psbt=True)).decode()


def look(file):
    made = opened(file)
    stores = [store.dump() for store in made.get_keystores()]
    addresses = {"receive": made.get_receiving_addresses()[:3], "change": made.get_change_addresses()[:3]}
    return {"type": made.wallet_type, "script": made.txin_type, "stores": stores, **addresses}


def key(text):
    if not keystore.is_master_key(text):
        return None
    store = keystore.from_master_key(text)
    return {"xtype": BIP32Node.from_xkey(store.xpub).xtype, "xpub": store.xpub}


def sign_message(secret, text):
    key = ecc.ECPrivkey(bytes.fromhex(secret))
    return base64.b64encode(key.sign_message(text.encode(), is_compressed=True)).decode()


def verify_message(address, text, signature):
    return bool(ecc.verify_message_with_address(address, base64.b64decode(signature), text.encode()))


wallets = []
answers = {"make": make, "look": look, "key": key, "finish": finish, "sign": sign}
answers |= {"sign_message": sign_message, "verify_message": verify_message}
for line in sys.stdin:
    asked = json.loads(line)
    answer = answers[asked.pop("do")](**asked)
    print(json.dumps(answer), flush=True)
os._exit(0)
