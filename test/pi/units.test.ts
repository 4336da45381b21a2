// The units, read as systemd reads them: what each must have, with the reason, and what no two may share.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { CLASSES } from "../../device/pi/root/check.ts";
import { PLACE } from "../../device/pi/root/facts.ts";
import { GROUPS, USERS } from "../../scripts/image/accounts.ts";
import { isHere } from "../peers/peer.ts";
import { readUnit, type Unit } from "./unit-file.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "systemd");
const UNITS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => readUnit(join(FOLDER, name)));
const unit = (name: string): Unit => {
  const found = UNITS.find((one) => one.name === name);
  assert.ok(found, `there is a unit ${name}`);
  return found;
};

const THREE = ["firn.service", "firn-eye.service", "firn-glass.service"] as const;
/** What lives as long as Firn does. The fourth only where the kernel gives no value files for lines. */
const LASTING = [...THREE, "firn-lines.service"] as const;
const SERVICES = UNITS.filter(({ name }) => name.endsWith(".service"));
const BY_ROOT = SERVICES.filter((one) => !(LASTING as readonly string[]).includes(one.name));
const startOf = (one: Unit) => one.one("ExecStart") ?? "";
const NODE_BY_ROOT = BY_ROOT.filter((one) => startOf(one).startsWith("/usr/bin/node "));

/** key=value → why every lasting unit has it. */
const PROPERTIES: Readonly<Record<string, string>> = {
  "NoNewPrivileges=yes": "no program that it starts can be more than it is",
  "CapabilityBoundingSet=": "no right of root's, now or later",
  "AmbientCapabilities=": "none handed on",
  "ProtectSystem=strict": "nothing can be written but what is named",
  "ProtectHome=yes": "no other's files",
  "PrivateMounts=yes": "its view of the files is its own",
  "NoExecPaths=/": "only what is named can be started or loaded as code",
  "DevicePolicy=closed": "only devices that are named can be opened",
  "PrivateNetwork=yes": "the machine's interfaces, should there be any, are not there for it",
  "IPAddressDeny=any": "not even over an interface of its own",
  "PrivateIPC=yes": "no shared memory or queue with others",
  "ProtectProc=invisible": "it sees no other user's process",
  "ProcSubset=pid": "of the system's own figures it sees none",
  "ProtectKernelTunables=yes": "the kernel's settings are not its to change",
  "ProtectKernelModules=yes": "it loads nothing into the kernel",
  "ProtectKernelLogs=yes": "what the kernel says is not for it",
  "ProtectControlGroups=yes": "its own bounds are not its to change",
  "ProtectClock=yes": "time is not its to change",
  "ProtectHostname=yes": "nor the machine's name",
  "RestrictNamespaces=yes": "much of the kernel can be reached only from within new namespaces",
  "RestrictRealtime=yes": "it cannot take a processor for itself alone",
  "RestrictSUIDSGID=yes": "it leaves no file by which another becomes it",
  "LockPersonality=yes": "no system calls of another kind",
  "SystemCallArchitectures=native": "or the filter would be one of many",
  "SystemCallErrorNumber=EPERM": "what is filtered fails, and says so",
  "KeyringMode=private": "no key of the kernel's shared with others",
  "RemoveIPC=yes": "nothing of it stays",
  "LimitCORE=0": "no dump of its memory",
  "MemorySwapMax=0": "its memory is nowhere but in memory",
  "StandardError=truncate:": "its last words are kept, and only these",
};

/** Groups of calls, and calls, that no lasting unit can make, and why. */
const REFUSED_CALLS: Readonly<Record<string, string>> = {
  "@mount": "another view of the files",
  "@module": "code for the kernel",
  "@reboot": "another kernel, or none",
  "@swap": "memory on a disk",
  "@raw-io": "devices without their drivers",
  "@debug": "other processes' memory",
  "@privileged": "what only root may",
  "@obsolete": "nobody looks after them",
  "@cpu-emulation": "much code in the kernel, for nothing here",
  "@clock": "the time",
  "@keyring": "keys that the kernel keeps",
  "@resources": "its own bounds",
  "@setuid": "being another",
  "@chown": "making a file another's",
  ptrace: "other processes' memory",
  process_vm_readv: "other processes' memory",
  process_vm_writev: "other processes' memory",
  process_madvise: "other processes' memory",
  pidfd_getfd: "other processes' files",
  kcmp: "what other processes have open",
  perf_event_open: "what the machine does elsewhere",
  bpf: "code for the kernel",
  kexec_load: "another kernel",
  kexec_file_load: "another kernel",
  userfaultfd: "holding the kernel up in the middle of a copy",
  io_uring_setup: "calls past the filter",
  io_uring_enter: "calls past the filter",
  io_uring_register: "calls past the filter",
};

function has(one: Unit, property: string): boolean {
  const [key, value] = property.split(/=(.*)/s) as [string, string];
  const values = one.all(key);
  return value.endsWith(":") ? values.some((given) => given.startsWith(value)) : values.includes(value);
}

function refusedBy(one: Unit): string[] {
  return one
    .all("SystemCallFilter")
    .flatMap((value) => (value.startsWith("~") ? value.slice(1).split(" ") : []));
}

for (const name of LASTING)
  test(`${name} has every property that locks it in`, () => {
    const one = unit(name);
    const missing = Object.entries(PROPERTIES).filter(([property]) => !has(one, property));
    assert.deepEqual(missing, []);
    assert.equal(one.all("SystemCallFilter")[0], "@system-service");
    const allowed = Object.entries(REFUSED_CALLS).filter(([call]) => !refusedBy(one).includes(call));
    assert.deepEqual(allowed, []);
    for (const bound of ["MemoryMax", "TasksMax", "LimitNOFILE", "LimitFSIZE", "OOMScoreAdjust"])
      assert.match(one.one(bound) ?? "", /^-?\d+[KM]?$/, bound);
    for (const folder of ["/tmp", "/var/tmp", "/dev/shm"])
      assert.ok(
        one.words("InaccessiblePaths").includes(folder),
        `${folder}: what all can write is no meeting place`,
      );
  });

test("each lasting unit is a namespace of processes of its own, but for the one that has the console", () => {
  const own = LASTING.filter((name) => unit(name).one("PrivatePIDs") === "yes");
  assert.deepEqual(
    own,
    LASTING.filter((name) => name !== "firn-glass.service"),
  );
  const consoles = SERVICES.filter((one) => one.one("StandardInput") === "tty").map(({ name }) => name);
  assert.deepEqual(consoles, ["firn-glass.service", "firn-stopped.service"]);
});

test("no two lasting units share a user, none is root, and each user and group is one of the image's", () => {
  const users = LASTING.map((name) => unit(name).one("User"));
  assert.deepEqual(users, ["firn", "firn-eye", "firn-glass", "firn-chip"]);
  for (const name of LASTING) assert.equal(unit(name).one("Group"), unit(name).one("User"));
  const groups = [...USERS.map(({ name }) => name), ...Object.keys(GROUPS)];
  const named = SERVICES.flatMap((one) => ["User", "Group", "SupplementaryGroups"].flatMap(one.words));
  const rules = readFileSync(join(ROOT, "device/files/usr/lib/udev/rules.d/90-firn.rules"), "utf8");
  const owners = [...rules.matchAll(/(?:GROUP|OWNER)="([^"]+)"/g)].map(([, group]) => group!);
  assert.ok(owners.length > 5);
  assert.deepEqual(
    [...named, ...owners].filter((name) => !groups.includes(name)),
    [],
  );
});

test("Firn alone reaches the TPM, the glass the lines and the screen, the eye the cameras; nobody else does", () => {
  const devices = Object.fromEntries(LASTING.map((name) => [name, unit(name).all("DeviceAllow")]));
  assert.deepEqual(devices, {
    "firn.service": ["/dev/tpmrm0 rw", "/dev/hwrng r"],
    "firn-eye.service": ["char-video4linux rw", "char-media rw", "char-dma_heap rw"],
    "firn-glass.service": ["/dev/tty1 rw", "/dev/fb0 rw", "char-hidraw rw"],
    "firn-lines.service": ["char-gpiochip rw"],
  });
  const groups = Object.fromEntries(LASTING.map((name) => [name, unit(name).words("SupplementaryGroups")]));
  assert.deepEqual(groups, {
    "firn.service": ["firn-tpm"],
    "firn-eye.service": [],
    "firn-glass.service": ["firn-lines"],
    "firn-lines.service": [],
  });
});

test("Firn's home is Firn's alone, and nothing else that it can write outlasts the machine's power", () => {
  assert.deepEqual(unit("firn.service").words("ReadWritePaths"), ["-/var/lib/firn"]);
  for (const name of LASTING.filter((one) => one !== "firn.service")) {
    assert.ok(unit(name).words("InaccessiblePaths").includes("-/var/lib/firn"), name);
    assert.ok(
      !unit(name)
        .words("ReadWritePaths")
        .some((path) => !path.startsWith("/sys")),
      name,
    );
    assert.deepEqual(unit(name).all("LoadCredential"), [], name);
  }
  for (const one of BY_ROOT.filter(({ name }) => /look|stick|usb|stopped/.test(name)))
    assert.ok(one.words("InaccessiblePaths").includes("-/var/lib/firn"), one.name);
});

test("Firn makes no socket: it has two that were made for it, each of which one cage alone can reach", () => {
  const firn = unit("firn.service");
  assert.equal(firn.one("RestrictAddressFamilies"), "none");
  for (const call of ["socket", "socketpair", "connect", "bind"])
    assert.ok(refusedBy(firn).includes(call), call);
  for (const cage of ["eye", "glass"]) {
    const socket = unit(`firn-${cage}.socket`);
    const { one } = socket;
    assert.deepEqual(
      [one("Service"), one("ListenStream"), one("FileDescriptorName"), one("SocketUser"), one("SocketMode")],
      ["firn.service", `/run/firn-wire/${cage}.sock`, cage, `firn-${cage}`, "0600"],
    );
    assert.ok(firn.words("Requires").includes(socket.name));
    assert.ok(firn.words("After").includes(socket.name));
    assert.equal(unit(`firn-${cage}.service`).one("RestrictAddressFamilies"), "AF_UNIX");
    assert.ok(unit(`firn-${cage}.service`).words("BindPaths").includes(`/run/firn-wire/${cage}.sock`));
    assert.deepEqual(unit(`firn-${cage}.service`).all("TemporaryFileSystem"), ["/run:ro"]);
  }
});

test("the three live and die together: Firn alone starts again, after exit 0 alone, and the others hang on it", () => {
  const firn = unit("firn.service");
  assert.equal(firn.one("Restart"), "on-success");
  // What systemd calls a clean end besides exit 0.
  assert.deepEqual(firn.words("RestartPreventExitStatus"), ["SIGHUP", "SIGINT", "SIGTERM", "SIGPIPE"]);
  assert.equal(firn.one("SuccessExitStatus"), undefined);
  assert.ok(Number(firn.one("StartLimitBurst")) <= 6 && Number(firn.one("StartLimitIntervalSec")) >= 30);
  for (const name of LASTING) assert.equal(unit(name).one("OnFailure"), "firn-stopped.service", name);
  for (const cage of ["firn-eye.service", "firn-glass.service", "firn-lines.service"]) {
    const { one, words } = unit(cage);
    assert.deepEqual([one("Restart"), one("BindsTo")], [undefined, "firn.service"], cage);
    assert.ok(words("After").includes("firn.service"), cage);
    assert.ok(firn.words("Wants").includes(cage), cage);
    assert.ok(unit("firn-stopped.service").words("Conflicts").includes(cage), cage);
  }
  // A socket that outlived Firn would start it again at the next connection.
  for (const one of UNITS.filter(({ name }) => name.endsWith(".socket")))
    assert.deepEqual([one.one("BindsTo"), one.one("RemoveOnStop")], ["firn.service", "yes"], one.name);
  for (const one of BY_ROOT) assert.equal(one.one("Restart"), undefined, one.name);
});

test("every program that a unit starts is in the repository, and Node has no door for debuggers or foreign modules", () => {
  const started = SERVICES.filter((one) => startOf(one).startsWith("/usr/bin/node "));
  assert.ok(started.length >= 9);
  for (const one of started) {
    const file = /\/usr\/lib\/firn\/(\S+)\.js/.exec(startOf(one))?.[1];
    assert.ok(file !== undefined && existsSync(join(ROOT, `${file}.ts`)), `${one.name}: ${file}.ts`);
    for (const option of ["--disable-sigusr1", "--no-global-search-paths"])
      assert.ok(startOf(one).split(" ").includes(option), `${one.name}: ${option}`);
    if (["firn.service", "firn-eye.service"].includes(one.name))
      for (const option of ["--disable-proto=throw", "--disallow-code-generation-from-strings"])
        assert.ok(startOf(one).split(" ").includes(option), `${one.name}: ${option}`);
    // The glass has two native parts: onoff's and node-hid's.
    assert.equal(startOf(one).includes("--no-addons"), one.name !== "firn-glass.service", one.name);
  }
});

test("memory that can be written and run is where V8 compiles, and nowhere else", () => {
  const compiling = SERVICES.filter((one) => startOf(one).startsWith("/usr/bin/node ")).filter(
    (one) => !startOf(one).includes("--jitless"),
  );
  assert.deepEqual(compiling.map(({ name }) => name).sort(), [...COMPILING].sort());
  for (const one of [...NODE_BY_ROOT, unit("firn-lines.service")])
    assert.equal(one.one("MemoryDenyWriteExecute"), "yes", one.name);
});

/** docs/decisions/where-v8-compiles.md */
const COMPILING = ["firn.service", "firn-eye.service", "firn-glass.service"];

/** Whether root's steps can do more than they need. */
const OF_ROOT: Readonly<Record<string, string>> = {
  "NoNewPrivileges=yes": "no program that it starts can be more than it is",
  "ProtectSystem=strict": "nothing can be written but what is named",
  "ProtectHome=yes": "no other's files",
  "ProtectKernelModules=yes": "it loads nothing into the kernel",
  "ProtectKernelLogs=yes": "what the kernel says is not for it",
  "ProtectClock=yes": "time is not its to change",
  "ProtectHostname=yes": "nor the machine's name",
  "DevicePolicy=closed": "only devices that are named can be opened",
  "RestrictNamespaces=yes": "it needs no others than it was given",
  "RestrictSUIDSGID=yes": "it leaves no file by which another becomes it",
  "SystemCallArchitectures=native": "or the filter would be one of many",
  "LimitCORE=0": "no dump of its memory",
};

test("root's steps have the rights that they need, and end by themselves", () => {
  assert.equal(NODE_BY_ROOT.length, 6);
  for (const one of NODE_BY_ROOT) {
    assert.deepEqual(
      Object.keys(OF_ROOT).filter((property) => !has(one, property)),
      [],
      one.name,
    );
    assert.equal(one.one("Type"), "oneshot", one.name);
    assert.match(one.one("TimeoutStartSec") ?? "", /^\d+$/, one.name);
    assert.equal(one.all("CapabilityBoundingSet").length, 1, one.name);
    assert.ok(one.words("RestrictAddressFamilies").every((family) => ["none", "AF_UNIX"].includes(family)));
    assert.equal(one.one("StandardError"), "null", one.name);
  }
  const rights = NODE_BY_ROOT.map((one) => [one.name, one.one("CapabilityBoundingSet")]);
  assert.deepEqual(Object.fromEntries(rights), {
    "firn-board-secret.service": "",
    "firn-look@.service": "",
    "firn-prepare.service": "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_SYS_TTY_CONFIG",
    "firn-stick.service": "CAP_SYS_ADMIN CAP_DAC_OVERRIDE",
    "firn-stopped.service": "",
    "firn-usb@.service": "",
  });
});

test("what a stick's step mounts is seen by it alone, and ends with it before Firn stops waiting", () => {
  const { one } = unit("firn-stick.service");
  assert.equal(one("PrivateMounts"), "yes");
  assert.equal(one("KillSignal"), "SIGKILL");
  assert.ok(Number(one("TimeoutStartSec")) < 60);
  assert.deepEqual([one("NoExecPaths"), one("DeviceAllow")], ["/", "block-sd rw"]);
});

test("everything stops when the machine is switched off, and nothing that starts can call that off", () => {
  for (const one of UNITS.filter(({ name }) => name !== "firn-poweroff.service")) {
    assert.equal(one.one("DefaultDependencies"), "no", one.name);
    assert.ok(one.words("Conflicts").includes("shutdown.target"), one.name);
    assert.ok(one.words("Before").includes("shutdown.target"), one.name);
  }
  // systemd's own way: its job is irreversible, which that of a path unit is not.
  assert.equal(unit("firn-poweroff.service").one("SuccessAction"), "poweroff");
  assert.equal(unit("firn-poweroff.path").one("Unit"), "firn-poweroff.service");
});

test("wishes are Firn's alone to lay down, and each starts its own step", () => {
  const wishes = UNITS.filter(({ name }) => name.endsWith(".path")).map((one) => [
    one.one("PathExists"),
    one.one("Unit"),
  ]);
  assert.deepEqual(wishes, [
    ["/run/firn/wish/poweroff", "firn-poweroff.service"],
    ["/run/firn/wish/stick", "firn-stick.service"],
  ]);
  const { one } = unit("firn.service");
  assert.deepEqual([one("RuntimeDirectory"), one("RuntimeDirectoryMode")], ["firn", "0700"]);
});

test("every unit of ours that another names is there", () => {
  const keys = [
    "Wants",
    "Requires",
    "BindsTo",
    "After",
    "Before",
    "Conflicts",
    "OnFailure",
    "Unit",
    "Service",
  ];
  const named = UNITS.flatMap((one) => keys.flatMap(one.words)).filter((name) => name.startsWith("firn"));
  assert.ok(named.length > 40);
  for (const name of named) unit(name);
  const rules = readFileSync(join(ROOT, "device/files/usr/lib/udev/rules.d/90-firn.rules"), "utf8");
  assert.match(rules, /ENV\{SYSTEMD_WANTS\}="firn-usb@%k\.service"/);
});

test("whatever class root looks into for a network has it look again when something comes there", () => {
  const rules = readFileSync(join(ROOT, "device/files/usr/lib/udev/rules.d/90-firn.rules"), "utf8");
  const rule = rules.split("\n").find((line) => line.includes('ENV{SYSTEMD_WANTS}="firn-look@.service"'));
  const classes = /SUBSYSTEM=="([\w|]+)"/.exec(rule ?? "")?.[1]?.split("|");
  assert.deepEqual(classes?.sort(), [...CLASSES].sort());
  const look = unit("firn-look@.service");
  // In another network namespace it would see another machine.
  for (const key of ["PrivateNetwork", "NetworkNamespacePath", "JoinsNamespaceOf"])
    assert.equal(look.one(key), undefined, key);
  assert.ok(look.words("ReadWritePaths").includes("-/run/firn-machine"));
  assert.ok(look.words("After").includes("firn-prepare.service"));
});

test("what the emulator needs more is one device for each of two units, apart from the boards' units", () => {
  const extra = readdirSync(join(FOLDER, "emulator"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".conf"))
    .sort();
  assert.deepEqual(extra, ["firn-eye.service.d/camera.conf", "firn.service.d/tpm.conf"]);
  for (const name of extra) {
    const text = readFileSync(join(FOLDER, "emulator", name), "utf8").split("\n");
    assert.deepEqual(
      text.filter((line) => line !== "" && !line.startsWith("#")),
      ["[Service]", "DeviceAllow=char-virtio-portsdev rw"],
    );
  }
});

const ANALYZE = "systemd-analyze";
const there = spawnSync(ANALYZE, ["--version"]).status === 0;

for (const name of THREE)
  test(`systemd's own score of ${name} is at most 1.0`, (t) => {
    if (!isHere(t, ANALYZE, there)) return;
    const run = spawnSync(ANALYZE, ["security", "--offline=yes", "--no-pager", join(FOLDER, name)], {
      encoding: "utf8",
    });
    const score = /Overall exposure level for \S+: (\d+\.\d)/.exec(run.stdout + run.stderr)?.[1];
    assert.ok(score !== undefined, run.stderr);
    t.diagnostic(`${name}: ${score}`);
    assert.ok(Number(score) <= 1, score);
  });

test("systemd takes every unit, but for the programs that only a board has and for keys that only a newer one knows", (t) => {
  if (!isHere(t, ANALYZE, there)) return;
  const paths = UNITS.map(({ name }) => join(FOLDER, name.replace("@.", "@1-1.")));
  const run = spawnSync(ANALYZE, ["verify", "--man=no", ...paths.filter((path) => !path.includes("@"))], {
    encoding: "utf8",
  });
  const wrong = run.stderr
    .split("\n")
    .filter((line) => line.includes("firn"))
    .filter((line) => !/is not executable|Unknown key 'PrivatePIDs'/.test(line));
  assert.deepEqual(wrong, []);
});

test("each life of the glass begins with the board's own font, whatever the one before loaded into the console", () => {
  const before = unit("firn-glass.service").one("ExecStartPre");
  assert.equal(before, `-+/usr/bin/setfont -C /dev/tty1 ${PLACE}/font`);
});
