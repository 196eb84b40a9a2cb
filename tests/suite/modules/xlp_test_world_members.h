/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_world_members.h - the functions that are replaced together
 *
 * A template, included once for each version. The includer defines
 *
 *	XW_VERSION	which version these are
 *	XW_MEMBER	storage class and attributes
 *	XW(name)	name of the function
 *
 * Members call each other by the names of the originals, as patches have to.
 */
XW_MEMBER void XW(chain_inner)(struct xw_caller *caller)
{
	xw_enter(caller, XW_CHAIN_INNER, XW_VERSION);
	xw_leave(caller);
}

XW_MEMBER void XW(chain_middle)(struct xw_caller *caller)
{
	xw_enter(caller, XW_CHAIN_MIDDLE, XW_VERSION);
	xw_linger(caller);
	xw_call(caller, xw_chain_inner);
	xw_leave(caller);
}

XW_MEMBER void XW(chain_outer)(struct xw_caller *caller)
{
	xw_enter(caller, XW_CHAIN_OUTER, XW_VERSION);
	xw_call(caller, xw_chain_inner);
	xw_call(caller, xw_chain_middle);
	xw_leave(caller);
}

XW_MEMBER void XW(nap_inner)(struct xw_caller *caller)
{
	xw_enter(caller, XW_NAP_INNER, XW_VERSION);
	xw_leave(caller);
}

XW_MEMBER void XW(nap_outer)(struct xw_caller *caller)
{
	xw_enter(caller, XW_NAP_OUTER, XW_VERSION);
	xw_call(caller, xw_nap_inner);
	xw_nap();
	xw_call(caller, xw_nap_inner);
	xw_leave(caller);
}

XW_MEMBER void XW(row_first)(struct xw_caller *caller)
{
	xw_enter(caller, XW_ROW_FIRST, XW_VERSION);
	xw_leave(caller);
}

XW_MEMBER void XW(row_second)(struct xw_caller *caller)
{
	xw_enter(caller, XW_ROW_SECOND, XW_VERSION);
	xw_leave(caller);
}

XW_MEMBER void XW(row_third)(struct xw_caller *caller)
{
	xw_enter(caller, XW_ROW_THIRD, XW_VERSION);
	xw_leave(caller);
}

XW_MEMBER void XW(row_all)(struct xw_caller *caller)
{
	xw_enter(caller, XW_ROW_ALL, XW_VERSION);
	xw_call(caller, xw_row_first);
	xw_call(caller, xw_row_second);
	xw_call(caller, xw_row_third);
	xw_leave(caller);
}

/*
 * Called by atomic_notifier_call_chain(), whose original does not say its
 * version; that nobody has said one means that it is running.
 */
XW_MEMBER int XW(notified)(struct notifier_block *nb, unsigned long unused, void *data)
{
	struct xw_caller *caller = data;

	if (!caller->notifier_known) {
		caller->notifier_known = true;
		xw_enter(caller, XW_NOTIFY, 0);
	}
	xw_enter(caller, XW_NOTIFIED, XW_VERSION);
	xw_leave(caller);
	return NOTIFY_DONE;
}
