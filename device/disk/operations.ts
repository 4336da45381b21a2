// What a disk is asked to do, one system call (or nearly) each. The store above decides the order;
// the simulator records them and cuts between any two.

/** Nothing here is durable before sync (for a file's content) and syncFolder (for names) have returned. */
export interface Operations {
  names(): Promise<string[]>;
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Creates the file, or empties it first. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Creates the file where there is none. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  truncate(name: string, length: number): Promise<void>;
  sync(name: string): Promise<void>;
  /** Replaces what `to` was, at once. */
  rename(from: string, to: string): Promise<void>;
  syncFolder(): Promise<void>;
  /** No error where there is no such file. */
  remove(name: string): Promise<void>;
}

/** A blob's name, or that of the new content written beside it. Nothing else in a home's folder is touched. */
export const FILE_NAME = /^[a-z][a-z0-9-]{0,62}(\.new)?$/;
