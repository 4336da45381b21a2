// Users and groups of the machine: this list and no other. Nobody has a password (no file of them exists), a shell, or a home.

export interface Account {
  readonly name: string;
  readonly id: number;
  /** Of these groups too. */
  readonly groups: readonly string[];
}

export const USERS: readonly Account[] = [
  { name: "root", id: 0, groups: [] },
  { name: "firn", id: 990, groups: ["firn-tpm"] },
  { name: "firn-eye", id: 991, groups: [] },
  { name: "firn-glass", id: 992, groups: ["firn-lines"] },
  { name: "firn-chip", id: 993, groups: [] },
  { name: "nobody", id: 65534, groups: [] },
];

/** Groups that own devices, beside each user's own. */
export const GROUPS: Readonly<Record<string, number>> = {
  tty: 5,
  nogroup: 65534,
  "firn-tpm": 980,
  "firn-lines": 981,
};

const groupOf = (user: Account) => (user.name === "nobody" ? GROUPS.nogroup! : user.id);

export function passwd(): string {
  return USERS.map((user) => `${user.name}:x:${user.id}:${groupOf(user)}::/:/nonexistent\n`).join("");
}

export function group(): string {
  const own = USERS.filter((user) => user.name !== "nobody").map((user): [string, number] => [
    user.name,
    user.id,
  ]);
  return [...own, ...Object.entries(GROUPS)]
    .sort((a, b) => a[1] - b[1])
    .map(([name, id]) => `${name}:x:${id}:${members(name).join(",")}\n`)
    .join("");
}

function members(name: string): string[] {
  return USERS.filter((user) => user.groups.includes(name)).map((user) => user.name);
}
