// The packages of Debian that files are taken from. None is installed: what of them is in an image, contents.ts says.

export const SUITE = "trixie";

export const COMPONENTS = ["main", "non-free-firmware"];

export type Arch = "arm64" | "amd64";

export const TRIPLET: Readonly<Record<Arch, string>> = {
  arm64: "aarch64-linux-gnu",
  amd64: "x86_64-linux-gnu",
};

/** Where programs of an architecture look for the loader of libraries: fixed in every one of them. */
export const LOADER: Readonly<Record<Arch, string>> = {
  arm64: "/lib/ld-linux-aarch64.so.1",
  amd64: "/lib64/ld-linux-x86-64.so.2",
};

const BOTH = [
  // the kernel's first seconds
  ...["busybox-static", "dmsetup", "libdevmapper1.02.1"],
  // process 1 and what it starts
  ...["systemd", "libsystemd-shared", "udev", "mount"],
  // eye and glass
  ...["v4l-utils", "gpiod", "libgpiod3", "kbd", "console-setup-linux"],
  ...["libusb-1.0-0", "libudev1", "libv4l-0t64", "libv4lconvert0t64", "libjpeg62-turbo"],
  // libraries
  ...["libc6", "libgcc-s1", "libstdc++6", "libatomic1"],
  ...["libacl1", "libapparmor1", "libaudit1", "libblkid1", "libcap-ng0", "libcap2", "libcrypt1", "libmount1"],
  ...["libpam0g", "libpcre2-8-0", "libseccomp2", "libselinux1", "libssl3t64", "libzstd1", "zlib1g"],
];

/** A kernel's package names another, which has the kernel itself: KERNEL is asked which. */
export const KERNEL: Readonly<Record<Arch, string>> = {
  arm64: "linux-image-arm64",
  amd64: "linux-image-amd64",
};

export const PACKAGES: Readonly<Record<Arch, readonly string[]>> = {
  arm64: [...BOTH, "raspi-firmware"],
  amd64: BOTH,
};
