// Random lives of a device against a small model of what must hold: whatever the order of edits, payments, replacements,
// cuts of power, clocks and restarts, no more gets out in any true window than the policy of that time allows.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ANY_COIN, ANY_TOKEN } from "../../src/assets.ts";
import type { Draft, Entry } from "../../src/journal/index.ts";
import { destinationMark } from "../../src/journal/index.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import { isAtLeastAsStrict, judge, newDestinations } from "../../src/policy/index.ts";
import { reckon, type Stamp } from "../../src/reckoning.ts";
import type { Asset, Limit, PastSpend, Rule } from "../../src/rules.ts";
import { type Now, type Policy, type Spend, type Verdict, WINDOWS, type Window } from "../../src/rules.ts";
import { DAY, HOUR, NOON, recorded, spend } from "./cases.ts";
import { ACCOUNTS, ADDRESSES, DAI, ETH, some, USDC } from "./on-ethereum.ts";
import { KEYS, policyOf, refuses, rule, sat, WALLETS } from "./policies.ts";
import { isIn, largestOf, once, unitsOf } from "./reference.ts";

// ---------------------------------------------------------------- what is decided by chance

interface Limits {
  readonly hour: number;
  readonly day: number;
  readonly walletWeek: number;
  readonly count: number;
  /** More than this at once waits. */
  readonly large: number;
}
type Cut = "none" | "before" | "after" | "unsigned";
type Step =
  | {
      readonly do: "pay";
      readonly coins: readonly number[];
      readonly units: number;
      readonly by: number;
      /** 0, 1: of Bitcoin; 2: a coin of Ethereum; 3: a token, and the fee. */
      readonly of: number;
      readonly cut: Cut;
    }
  | { readonly do: "again"; readonly which: number; readonly cut: Cut }
  | { readonly do: "replace"; readonly which: number; readonly units: number; readonly cut: Cut }
  | { readonly do: "edit"; readonly limits: Limits }
  | { readonly do: "cancel"; readonly which: number }
  | { readonly do: "release"; readonly which: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "set clock"; readonly ms: number }
  /** Block headers that are so old. */
  | { readonly do: "headers"; readonly ms: number }
  | { readonly do: "off"; readonly ms: number; readonly from: "lines" | "snapshot" };

const anyLimits: fc.Arbitrary<Limits> = fc.record({
  hour: fc.integer({ min: 5, max: 30 }),
  day: fc.integer({ min: 10, max: 60 }),
  walletWeek: fc.integer({ min: 20, max: 90 }),
  count: fc.integer({ min: 2, max: 9 }),
  large: fc.integer({ min: 6, max: 20 }),
});
const units = fc.integer({ min: 1, max: 15 });
const which = fc.nat(30);
const cut = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Cut>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Cut>("before", "after", "unsigned") },
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("pay" as const),
      coins: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 3 }),
      units,
      by: fc.nat(3),
      of: fc.nat(3),
      cut,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("again" as const), which, cut }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("replace" as const), which, units, cut }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit" as const), limits: anyLimits }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 9 * HOUR }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("set clock" as const),
      ms: fc.integer({ min: -90 * DAY, max: 90 * DAY }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("headers" as const), ms: fc.integer({ min: 0, max: 3 * HOUR }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("off" as const),
      ms: fc.integer({ min: 0, max: 3 * DAY }),
      from: fc.constantFrom("lines" as const, "snapshot" as const),
    }),
  },
);

const LOOSEN_MS = 12 * HOUR;
const WAIT_MS = 3 * HOUR;

function policyFor(number: number, { hour, day, walletWeek, count, large }: Limits): Policy {
  const wallet = { of: "wallet", ...WALLETS[0]! } as const;
  const account = { of: "wallet", ...ACCOUNTS[0]! } as const;
  const wait = { do: "wait", ms: WAIT_MS } as const;
  const rules = [
    rule({ kind: "amount", per: "hour", most: sat(hour) }),
    rule({ kind: "amount", per: "day", most: sat(day) }),
    rule({ kind: "amount", per: "week", most: sat(walletWeek) }, refuses, wallet),
    rule({ kind: "amount", per: "day", most: some(ANY_COIN, day) }),
    rule({ kind: "amount", per: "hour", most: some(ETH, hour) }),
    rule({ kind: "amount", per: "day", most: some(ANY_TOKEN, day) }),
    rule({ kind: "amount", per: "hour", most: some(USDC, hour) }),
    rule({ kind: "amount", per: "transaction", most: some(ANY_TOKEN, large) }, wait),
    rule({ kind: "count", per: "day", most: count }),
    rule({ kind: "amount", per: "transaction", most: sat(large) }, wait),
    rule({ kind: "destinations", to: "any" }),
    rule({ kind: "fee", most: sat(1_000) }),
    rule({ kind: "fee", most: some(ANY_COIN, 1_000) }),
    rule({ kind: "chains", only: "any" }),
    rule({ kind: "amount", per: "week", most: some(ANY_COIN, walletWeek) }, refuses, account),
  ];
  return policyOf(inOrder(rules), { number, loosenMs: LOOSEN_MS });
}

/** Rules of one scope stand together. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const scopes = [...new Set(rules.map(({ scope }) => JSON.stringify(scope)))];
  return scopes.flatMap((name) => rules.filter(({ scope }) => JSON.stringify(scope) === name));
}

// ---------------------------------------------------------------- the world

/** True time, and a machine in it: on or off, with a clock chip or without; its clock can be set. */
class World {
  trueMs = NOON;
  readonly #chip: boolean;
  #setBy = 0;
  #onSince = NOON;
  #boots = 0;

  constructor(chip: boolean) {
    this.#chip = chip;
  }

  pass(ms: number): void {
    this.trueMs += ms;
  }

  set(byMs: number): void {
    this.#setBy += byMs;
  }

  off(ms: number): void {
    this.trueMs += ms;
    this.#onSince = this.trueMs;
    this.#boots++;
  }

  clock() {
    const { trueMs } = this;
    return {
      wallMs: () => trueMs + this.#setBy,
      monotonicMs: () => trueMs - this.#onSince,
      boot: `boot${this.#boots}`,
      ...(this.#chip ? { chipMs: () => trueMs } : {}),
    };
  }
}

/** The device, as far as it decides: its lines, the ledger that they add up to, a policy, and changes that wait. */
class Device {
  readonly lines: Entry[] = [];
  ledger = new SpendLedger();
  policy: Policy;
  pending: { readonly change: Policy | string; readonly dueMs: number; readonly askedTrueMs: number }[] = [];
  readonly #world: World;
  #last: Stamp | undefined;

  constructor(world: World, limits: Limits) {
    this.#world = world;
    this.policy = policyFor(1, limits);
    this.append({ kind: "thawed" });
  }

  now(): Now {
    const { at } = reckon(this.#world.clock(), this.#last);
    return { ms: at, dateMs: at };
  }

  append(draft: Draft): void {
    const { at: reckoned, ...clock } = reckon(this.#world.clock(), this.#last);
    const at = draft.kind === "time-proven" ? Math.max(reckoned, draft.notBefore) : reckoned;
    const entry = { ...draft, at, clock } as Entry;
    this.#last = { at, ...clock };
    this.lines.push(entry);
    this.ledger.add(entry);
  }

  judge(one: Spend): Verdict {
    return judge(this.policy, one, this.ledger, this.now());
  }

  /** They say that it is later, and not how long anything waited. */
  prove(notBefore: number): number {
    const before = this.now().ms;
    this.append({ kind: "time-proven", notBefore, headers: 6 });
    const jump = this.now().ms - before;
    this.pending = this.pending.map((one) => ({ ...one, dueMs: one.dueMs + jump }));
    return jump;
  }

  restart(from: "lines" | "snapshot"): void {
    const snapshot = JSON.parse(JSON.stringify(this.ledger.snapshot()));
    const ledger = new SpendLedger(from === "snapshot" ? snapshot : undefined);
    if (from === "lines") for (const line of this.lines) ledger.add(line);
    this.ledger = ledger;
  }
}

// ---------------------------------------------------------------- a life

const counts = {
  signed: 0,
  refused: 0,
  waited: 0,
  replaced: 0,
  again: 0,
  cut: 0,
  loosened: 0,
  cancelled: 0,
  released: 0,
  large: 0,
  moved: 0,
  inTrueTime: 0,
  onEthereum: 0,
};

class Life {
  readonly #world: World;
  readonly #device: Device;
  readonly #asked: Spend[] = [];
  /** Recorded, as the lines say; signed, as the world saw it: `at` is true time. */
  readonly #recorded: PastSpend[] = [];
  readonly #signed: PastSpend[] = [];
  /** Headers moved time on: they tell how much passed while it was off, and not when. */
  #moved = false;
  /** True time at which each was first told to wait. */
  readonly #waits = new Map<string, number>();

  constructor(chip: boolean, limits: Limits) {
    this.#world = new World(chip);
    this.#device = new Device(this.#world, limits);
  }

  step(step: Step): void {
    this.#applyDue();
    if (step.do === "pay") this.#pay(step);
    else if (step.do === "again") this.#withAsked(step.which, (one) => this.#request(one, step.cut));
    else if (step.do === "replace") this.#withAsked(step.which, (one) => this.#replace(one, step));
    else if (step.do === "edit") this.#edit(policyFor(this.#device.policy.number + 1, step.limits));
    else if (step.do === "cancel") this.#cancel(step.which);
    else if (step.do === "release") this.#askRelease(step.which);
    else if (step.do === "pass") this.#world.pass(step.ms);
    else if (step.do === "set clock") this.#world.set(step.ms);
    else if (step.do === "headers") this.#prove(step.ms);
    else this.#restart(step.ms, step.from);
  }

  #prove(old: number): void {
    if (this.#device.prove(this.#world.trueMs - old) === 0) return;
    counts.moved++;
    this.#moved = true;
  }

  #withAsked(at: number, then: (one: Spend) => void): void {
    const one = this.#asked[at % (this.#asked.length || 1)];
    if (one) then(one);
  }

  #pay(step: Step & { readonly do: "pay" }): void {
    if (step.of > 1) this.#payOnEthereum(step);
    else this.#payBitcoin(step);
  }

  #payBitcoin({ coins, units: takes, by, cut: cutAt }: Step & { readonly do: "pay" }): void {
    const outpoints = coins.map((coin) => `coin${coin}:0`);
    const wallets = by & 1 ? [WALLETS[1]!] : [WALLETS[0]!];
    const parts = { txid: `t${this.#asked.length}`, outpoints, key: KEYS[by >> 1]!, wallets };
    this.#request(spend({ ...parts, takes: [sat(takes)], fee: sat(1) }), cutAt);
  }

  /** From one of two accounts, with a nonce: the token is one of two. */
  #payOnEthereum({ coins, units: takes, by, of, cut: cutAt }: Step & { readonly do: "pay" }): void {
    counts.onEthereum++;
    const fee = some(ETH, 1);
    const token = some(coins.length > 1 ? USDC : DAI, takes);
    const account = `1/0x${String(by & 1).repeat(40)}`;
    const parts = { txid: `t${this.#asked.length}`, key: KEYS[by >> 1]!, wallets: [ACCOUNTS[by & 1]!] };
    this.#request(
      spend({
        ...{ ...parts, outpoints: [`${account}/${coins[0]}`], fee },
        takes: of === 2 ? [some(ETH, takes + 1)] : [token, fee],
        ethereum: {
          ...{ form: "transaction", chainId: 1n, account: ADDRESSES[0]!, path: [] },
          ...{ oddities: [], calls: [], allowances: [], delegates: [] },
        },
      }),
      cutAt,
    );
  }

  /** Of the same coins, or with the same nonce. */
  #replace(one: Spend, { units: takes, cut: cutAt }: Step & { readonly do: "replace" }): void {
    counts.replaced++;
    const [first, ...rest] = one.takes;
    const other = [some(first!.asset, first!.asset === "btc" ? 0 : takes), ...rest];
    const changed = first!.asset === "btc" ? [sat(takes)] : other;
    this.#request({ ...one, txid: `${one.txid} or ${takes}`, takes: changed }, cutAt);
  }

  #request(one: Spend, cutAt: Cut): void {
    if (this.#asked.some(({ txid }) => txid === one.txid)) counts.again++;
    else this.#asked.push(one);
    const verdict = this.#device.judge(one);
    this.#agreesWithModel(one, verdict);
    if (verdict.outcome === "refuse") counts.refused++;
    if (verdict.outcome === "wait") this.#toldToWait(one);
    if (verdict.outcome !== "allow") return;
    if (cutAt !== "before") {
      const { ms } = this.#device.now();
      this.#device.append(recorded(one, ms));
      this.#recorded.push(pastOf(one, ms));
    }
    if (cutAt === "none") this.#sign(one);
    else this.#cut(cutAt);
  }

  /** Power goes, or signing does not come to its end: nothing gets out. */
  #cut(at: Cut): void {
    counts.cut++;
    if (at !== "unsigned") this.#restart(0, at === "before" ? "lines" : "snapshot");
  }

  #toldToWait(one: Spend): void {
    counts.waited++;
    if (!this.#waits.has(one.txid)) this.#waits.set(one.txid, this.#world.trueMs);
    const { policy, ledger } = this.#device;
    const fresh = newDestinations(policy, one, ledger, this.#device.now());
    this.#device.append({
      kind: "asked",
      txid: one.txid,
      destinations: fresh.map(destinationMark),
      reasons: [],
    });
  }

  #sign(one: Spend): void {
    counts.signed++;
    this.#signed.push(pastOf(one, this.#world.trueMs));
    this.#hasWaited(one);
    if (this.#moved) return;
    counts.inTrueTime++;
    // The one thing that matters most.
    for (const { limit, scope } of this.#device.policy.rules) {
      if ((limit.kind !== "amount" && limit.kind !== "count") || limit.per === "transaction") continue;
      // A limit that was tightened below what was out already says no to what it is about, and to nothing else.
      if (!isIn(pastOf(one, 0), scope)) continue;
      const since = this.#world.trueMs - WINDOWS[limit.per];
      const out = once(this.#signed).filter((each) => each.at > since && isIn(each, scope));
      for (const { asset, most } of measuresOf(limit)) {
        // As above: a limit of what it does not take says nothing of it.
        if (asset !== undefined && !one.takes.some((each) => each.asset === asset)) continue;
        const each = (past: PastSpend) => (asset === undefined ? 1n : unitsOf(past, asset));
        const sum = largestOf(out.map((past) => ({ outpoints: past.outpoints, units: each(past) })));
        assert.ok(sum <= most, `${sum} of ${asset} got out in a ${limit.per}, at most ${most} may`);
      }
    }
  }

  /** What takes more than may go at once was first asked for long enough ago. */
  #hasWaited(one: Spend): void {
    const isLarge = this.#device.policy.rules.some(
      ({ limit }) =>
        limit.kind === "amount" &&
        limit.per === "transaction" &&
        measuresOf(limit).some(({ asset, most }) => unitsOf(one, asset) > most),
    );
    if (!isLarge) return;
    counts.large++;
    const waited = this.#world.trueMs - (this.#waits.get(one.txid) ?? Number.NaN);
    assert.ok(waited >= WAIT_MS, `${waited} ms were waited`);
  }

  /** It refuses for a window where the model does, and there alone. */
  #agreesWithModel(one: Spend, verdict: Verdict): void {
    const { policy } = this.#device;
    const reasons = verdict.rules.map(({ reason }) => reason);
    const over = (kind: "amount" | "count") =>
      policy.rules.some(({ limit, scope }) => {
        if (limit.kind !== kind || limit.per === "transaction") return false;
        if (!isIn(pastOf(one, 0), scope)) return false;
        const { per } = limit;
        return measuresOf(limit).some(({ asset, most }) => {
          if (asset !== undefined && !one.takes.some((each) => each.asset === asset)) return false;
          return this.#sum(asset, per, one, (past) => isIn(past, scope)) > most;
        });
      });
    assert.equal(reasons.includes("policy.over-window-limit"), over("amount"));
    assert.equal(reasons.includes("policy.too-many"), over("count"));
  }

  /** By the lines. */
  #sum(asset: Asset | undefined, per: Window, one: Spend, isCounted: (past: PastSpend) => boolean): bigint {
    const { ms } = this.#device.now();
    const all = once([...this.#recorded, pastOf(one, ms)]).filter((past) => past.at > ms - WINDOWS[per]);
    const each = (past: PastSpend) => (asset === undefined ? 1n : unitsOf(past, asset));
    return largestOf(all.filter(isCounted).map((past) => ({ outpoints: past.outpoints, units: each(past) })));
  }

  #edit(next: Policy): void {
    if (isAtLeastAsStrict(next, this.#device.policy)) this.#device.policy = next;
    else this.#wait(next);
  }

  #cancel(at: number): void {
    const { pending } = this.#device;
    if (pending.length === 0) return;
    counts.cancelled++;
    pending.splice(at % pending.length, 1);
  }

  #askRelease(at: number): void {
    const unsigned = this.#recorded.filter((one) => !this.#isSigned(one.txid));
    const one = unsigned[at % (unsigned.length || 1)];
    if (one) this.#wait(one.txid);
  }

  #isSigned(txid: string): boolean {
    return this.#signed.some((one) => one.txid === txid);
  }

  #wait(change: Policy | string): void {
    const dueMs = this.#device.now().ms + LOOSEN_MS;
    this.#device.pending.push({ change, dueMs, askedTrueMs: this.#world.trueMs });
  }

  #applyDue(): void {
    const device = this.#device;
    const due = device.pending.filter(({ dueMs }) => dueMs <= device.now().ms);
    device.pending = device.pending.filter((one) => !due.includes(one));
    for (const { change, askedTrueMs } of due) {
      assert.ok(this.#world.trueMs - askedTrueMs >= LOOSEN_MS, "what allows more held before it had waited");
      if (typeof change === "string") this.#release(change);
      else if (change.number > device.policy.number) {
        counts.loosened++;
        device.policy = change;
      }
    }
  }

  /** The owner says so only of what never got out. */
  #release(txid: string): void {
    if (this.#signed.some((one) => one.txid === txid) || !this.#recorded.some((one) => one.txid === txid))
      return;
    counts.released++;
    this.#device.append({ kind: "released", txid });
    this.#waits.delete(txid);
    const rest = this.#recorded.filter((one) => one.txid !== txid);
    this.#recorded.splice(0, this.#recorded.length, ...rest);
  }

  #restart(ms: number, from: "lines" | "snapshot"): void {
    this.#world.off(ms);
    this.#device.restart(from);
  }
}

/** What a limit of a window sums, asset by asset, and how much of it may be; of a count no asset. */
function measuresOf(limit: Extract<Limit, { readonly kind: "amount" | "count" }>) {
  if (limit.kind === "count") return [{ asset: undefined, most: BigInt(limit.most) }];
  const { asset, units: most } = limit.most;
  if (asset === ANY_COIN) return [{ asset: ETH, most }];
  // Of the 18 decimals that it is counted with, USDC has six.
  if (asset === ANY_TOKEN)
    return [
      { asset: DAI, most },
      { asset: USDC, most: most / 10n ** 12n },
    ];
  return [{ asset, most }];
}

function pastOf({ txid, key, wallets, outpoints, amounts, takes }: Spend, at: number): PastSpend {
  return { txid, key, wallets: wallets.map(({ fingerprint }) => fingerprint), outpoints, amounts, takes, at };
}

test("no order of edits, payments, replacements, cuts, clocks and restarts lets more out than the limits", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      anyLimits,
      fc.array(anyStep, { minLength: 10, maxLength: 60 }),
      (chip, limits, steps) => {
        const life = new Life(chip, limits);
        for (const step of steps) life.step(step);
      },
    ),
    { numRuns: 4000 },
  );
  for (const [what, count] of Object.entries(counts))
    assert.ok(count > (what === "inTrueTime" ? 5_000 : 40), `${what}: ${count}`);
});
