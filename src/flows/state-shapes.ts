// Strict reading of what writeState wrote: anything else is another version's home, or damage.

import { refuse } from "../refusal.ts";

export function otherShape(what: string): never {
  return refuse("vault.damaged", `${what} has another shape`);
}

export function object(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : otherShape("the sealed state");
}

export function whole(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : otherShape("the sealed state");
}

export function count(value: unknown): number {
  return whole(value) >= 0 ? whole(value) : otherShape("the sealed state");
}

export function list(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) && value.length <= most ? value : otherShape("the sealed state");
}
