// QEMU's command line: the machines that device/boards calls virt-arm64 and virt-amd64. docs/emulator.md says the
// same to people.

import { join } from "node:path";
import { CAMERA_NAME } from "./camera.ts";
import type { TpmWay } from "./tpm.ts";

export const ARCHES = ["arm64", "amd64"] as const;
export type Arch = (typeof ARCHES)[number];

export interface Parts {
  readonly arch: Arch;
  /** Where the sockets are. */
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly words: string;
  readonly root: string;
  /** Absent: no data partition. */
  readonly data?: string;
  readonly dataReadOnly?: boolean;
  readonly tpm?: string;
  readonly camera: boolean;
  readonly display: boolean;
  /** A port by which a probe tells what it found. */
  readonly report: boolean;
  readonly keyboard: boolean;
  /** A saved state; the machine then waits for "cont". */
  readonly state?: string;
}

export const TPM_WAY: Readonly<Record<Arch, TpmWay>> = { arm64: "stream", amd64: "chip" };
export const QEMU: Readonly<Record<Arch, string>> = {
  arm64: "qemu-system-aarch64",
  amd64: "qemu-system-x86_64",
};
export const SCREEN = { width: 800, height: 480 } as const;

const MACHINE: Readonly<Record<Arch, readonly string[]>> = {
  arm64: ["-M", "virt,gic-version=2", "-accel", "tcg,thread=multi", "-cpu", "cortex-a53"],
  amd64: ["-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max"],
};
const DISPLAY: Readonly<Record<Arch, string>> = { arm64: "virtio-gpu-pci", amd64: "bochs-display" };

export function commandOf(parts: Parts): string[] {
  const { arch, folder, kernel, initrd, words, display, keyboard, state } = parts;
  const at = (name: string) => join(folder, name);
  return [
    ...MACHINE[arch],
    ...["-m", "512", "-smp", "2", "-nodefaults", "-no-reboot", "-S", "-display", "none"],
    ...["-kernel", kernel, "-initrd", initrd, "-append", words],
    ...["-qmp", `unix:${at("qmp")}`],
    ...["-qtest", `unix:${at("qtest")}`, "-qtest-log", "none"],
    ...["-chardev", `socket,id=serial,path=${at("serial")}`, "-serial", "chardev:serial"],
    ...["-device", "virtio-rng-pci"],
    ...disks(parts),
    ...ports(parts),
    ...(display ? ["-device", `${DISPLAY[arch]},xres=${SCREEN.width},yres=${SCREEN.height}`] : []),
    ...(keyboard ? ["-device", "virtio-keyboard-pci"] : []),
    ...["-device", "qemu-xhci,id=usb"],
    ...(state === undefined ? [] : ["-incoming", `exec:zstd -dqc '${state}'`]),
  ];
}

function disks({ root, data, dataReadOnly }: Parts): string[] {
  const disk = (id: string, file: string, readOnly: boolean) => [
    ...["-drive", `file=${file},if=none,id=${id},format=raw${readOnly ? ",readonly=on" : ""}`],
    ...["-device", `virtio-blk-pci,drive=${id}`],
  ];
  return [
    ...disk("root", root, true),
    ...(data === undefined ? [] : disk("data", data, dataReadOnly === true)),
  ];
}

function ports({ arch, folder, tpm, camera, report }: Parts): string[] {
  const port = (name: string, where: string) => [
    ...["-chardev", `socket,id=${name}-socket,path=${where}`],
    ...["-device", `virtserialport,chardev=${name}-socket,name=${name},id=${name}`],
  ];
  const chip = [
    ...["-chardev", `socket,id=tpm-socket,path=${tpm}`],
    ...["-tpmdev", "emulator,id=tpm,chardev=tpm-socket", "-device", "tpm-tis,tpmdev=tpm"],
  ];
  return [
    ...["-device", "virtio-serial-pci"],
    ...(camera ? port(CAMERA_NAME, `${join(folder, "camera")},server=on,wait=off`) : []),
    ...(report ? port("report", join(folder, "report")) : []),
    ...(tpm === undefined ? [] : TPM_WAY[arch] === "stream" ? port("tpm", tpm) : chip),
  ];
}
