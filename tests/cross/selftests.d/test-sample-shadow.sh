#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# samples/livepatch/livepatch-shadow-*: what the head of -mod.c says one sees. Its
# dummies live for 12 seconds and are looked at every 3.

cd "${0%/*}" && . ./sample.sh || exit

start_test "shadow variables: a leak, its repair, and a counter"
insert livepatch-shadow-mod
eventually logs 'dummy_alloc: dummy @ .*, expires @'
patch livepatch-shadow-fix1
eventually logs 'livepatch_fix1_dummy_alloc: dummy @ '
eventually logs 'livepatch_fix1_dummy_free: dummy @ .* leaked!'
eventually logs 'livepatch_fix1_dummy_leak_dtor: dummy @ .*, prevented leak @'
patch livepatch-shadow-fix2
eventually logs 'livepatch_fix2_dummy_leak_dtor: dummy @ .*, prevented leak @'
eventually logs 'livepatch_fix2_dummy_free: dummy @ .*, check counter = [1-9]'
unpatch livepatch_shadow_fix2
unpatch livepatch_shadow_fix1
remove livepatch_shadow_fix2
remove livepatch_shadow_fix1
remove livepatch_shadow_mod
end_test
