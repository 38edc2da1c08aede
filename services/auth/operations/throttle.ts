import { createHash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '@candlefish/base/time';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import { addressPrefix } from '../domain/address.ts';
import { loginRefused } from '../telemetry.ts';

/** Limits keys by their hash: addresses of people do not become keys of a shared store. */
const hidden = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);

/** @throws AppError RATE_LIMITED when one address tries too much, whatever accounts it tries. */
export async function throttleAddress(ctx: AuthCtx): Promise<void> {
  const limit = ctx.service.settings.loginTriesPerAddressPerMinute;
  await consume(ctx, `login:from:${addressPrefix(ctx.clientAddress)}`, limit, MINUTE_MS);
}

/**
 * Counts a try at an account. Tries from an address where the account has signed in before are counted apart, so that
 * whoever floods an account with guesses from elsewhere does not lock its owner out.
 * @throws AppError RATE_LIMITED
 */
export async function throttleAccount(ctx: AuthCtx, email: string, isFamiliar: boolean): Promise<void> {
  const account = `login:to:${hidden(email)}`;
  const key = isFamiliar ? `${account}:${addressPrefix(ctx.clientAddress)}` : account;
  await consume(ctx, key, ctx.service.settings.loginTriesPerMinute, MINUTE_MS);
}

/** @throws AppError RATE_LIMITED when one address signs up too often. */
export async function throttleSignups(ctx: AuthCtx): Promise<void> {
  const limit = ctx.service.settings.signupsPerAddressPerHour;
  await consume(ctx, `signup:from:${addressPrefix(ctx.clientAddress)}`, limit, HOUR_MS);
}

async function consume(ctx: AuthCtx, key: string, limit: number, windowMs: number): Promise<void> {
  const decision = await ctx.service.limits.consume(key, { limit, windowMs });
  if (decision.allowed) return;
  loginRefused(ctx, 'throttled');
  throw platformErrors.rateLimited({ retryAfterMs: decision.retryAfterMs });
}
