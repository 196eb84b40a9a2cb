/* SPDX-License-Identifier: GPL-2.0 */
/* bare_powerpc.S - the stub that xlp_arch_redirect() lets calls go through */
#include "../../../arch/powerpc/toc.S"
