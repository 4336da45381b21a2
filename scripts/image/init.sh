#!/bin/busybox sh
# The first program of a start. It loads every module that this machine will ever have, opens the root through dm-verity
# with the hash that stands in this archive, mounts the data, takes away the loading of modules, and gives way to
# process 1. When it is over nothing of this archive is left, and no shell is on the machine.

bb=/bin/busybox

# The words stay on the screen: nothing is tried again, and nobody is asked.
stop() {
  $bb echo "Firn cannot start: $1"
  while :; do $bb sleep 3600; done
}

$bb mount -t devtmpfs -o nosuid,noexec dev /dev
exec </dev/console >/dev/console 2>&1
$bb mount -t proc -o nosuid,nodev,noexec proc /proc
$bb mount -t sysfs -o nosuid,nodev,noexec sys /sys
$bb mount -t tmpfs -o nosuid,nodev,noexec,mode=0755,size=96m run /run

# A module that finds no hardware of its kind says so and is not loaded: what is missing shows later, by its name.
while read -r name words; do
  $bb insmod "/modules/$name.ko" $words 2>/dev/null
done </modules/order

# The first device that the pattern fits, waited for: cards take up to two seconds.
first() {
  $bb [ -b "$1" ] && device=$1
}
tries=0
device=
until first @ROOT@; do
  tries=$((tries + 1))
  $bb [ $tries -gt 500 ] && stop "the card's root partition is not there"
  $bb usleep 20000
done
root=$device

# The hash stands in the table, in the mapping's own name for those who ask the kernel, and in a file.
table=$($bb sed "s|DEVICE|$root|g" /verity)
set -- $table
/bin/dmsetup create root --uuid "FIRN-VERITY-${12}" --readonly --noudevsync --noudevrules --table "$table" ||
  stop "the root cannot be opened through dm-verity"
/bin/dmsetup mknodes
$bb mount -t squashfs -o ro,nodev,nosuid /dev/mapper/root /root ||
  stop "the root is not what this image was built with: write the card again"
$bb mkdir /run/firn-boot
set -- $(/bin/dmsetup table root)
echo "${12}" >/run/firn-boot/root

# Without data Firn starts and says so.
device=
tries=0
until first @DATA@; do
  tries=$((tries + 1))
  $bb [ $tries -gt 100 ] && break
  $bb usleep 20000
done
options=nosuid,nodev,noexec,noatime,errors=remount-ro
if $bb [ -n "$device" ] && $bb mount -t ext4 -o $options "$device" /root/var/lib/firn; then
  echo mounted >/run/firn-boot/data
else
  echo missing >/run/firn-boot/data
fi

# From here on no module is loaded, whatever is plugged in and whoever asks.
echo 1 >/proc/sys/kernel/modules_disabled

for one in dev proc sys run; do $bb mount --move "/$one" "/root/$one"; done
exec $bb switch_root /root /usr/lib/systemd/systemd
stop "process 1 is not there"
