/** Milliseconds, all by the clock since the request came. */

/** A new role is refused for "several minutes" (a public report of 2026-07-23, us-west-2); then it is not new any more. */
export const ROLE_PATIENCE = 15 * 60_000;

/** A policy that was just attached may not have spread: IAM is eventually consistent, in practice within a minute or two. */
export const POLICY_PATIENCE = 5 * 60_000;

/**
 * A request that CloudFormation gave up while its waiter was being started must have time to show in the stack's
 * status before a job is made: jobs cannot be stopped.
 */
export const BEFORE_CREATE = 10_000;

/**
 * A Delete must outlast what a request before it had under way: its last call may have passed the fence just before
 * the stack changed. Bedrock is given 5 s to answer a call, and as long again to make its effect visible.
 */
export const BEFORE_GONE = 12_000;

/** For this long after a job has completed, its model may not be visible yet. Nothing is published about it. */
export const BEFORE_VISIBLE = 30_000;

/** A completed job whose model does not show for this long has none: somebody deleted it. Far above any delay of a list. */
export const VISIBLE_PATIENCE = 5 * 60_000;

/** A job that holds the account's one place may not be listed yet for this long. Nothing is published about it. */
export const BEFORE_LISTED = 12_000;

/** A request's time is told in whole seconds, and the stack's by another clock. */
export const SENDING = 2_000;
