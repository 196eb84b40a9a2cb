#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# samples/livepatch/livepatch-sample: the text of /proc/cmdline.

cd "${0%/*}" && . ./sample.sh || exit

start_test "livepatch-sample changes /proc/cmdline"
before=$(cat /proc/cmdline)
patch livepatch-sample
[[ $(cat /proc/cmdline) == "this has been live patched" ]] || die "patched: $(cat /proc/cmdline)"
unpatch livepatch_sample
[[ $(cat /proc/cmdline) == "$before" ]] || die "unpatched: $(cat /proc/cmdline)"
remove livepatch_sample
end_test
