import { audit } from '@candlefish/audit';
import { auth } from '@candlefish/auth';
import { document } from '@candlefish/document';
import { graphql } from '@candlefish/graphql';
import { type MigrationSet, platformBase, platformLog } from '@candlefish/kit/migrate';
import type { ServiceDeclaration } from '@candlefish/kit/service';
import { nanda } from '@candlefish/nanda';
import { websocket } from '@candlefish/websocket';

/** Every service there is. The only list of them all. */
export const services: readonly ServiceDeclaration[] = [auth, graphql, nanda, document, websocket, audit];

/** The services of a target: `all`, or names separated by commas. @throws Error that names what is unknown. */
export function servicesOf(target: string): readonly ServiceDeclaration[] {
  if (target === 'all') return services;
  const names = target.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !services.some((service) => service.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `unknown target ${unknown.join(', ')}; there are ${services.map((service) => service.name).join(', ')} and all`,
    );
  }
  return services.filter((service) => names.includes(service.name));
}

/** All migrations in the order they run: the ground, tenants, the platform's own tenant tables, the other services. */
export function migrationSets(): readonly MigrationSet[] {
  const own = (service: ServiceDeclaration): readonly MigrationSet[] =>
    service.migrations === undefined ? [] : [{ name: service.name, folder: service.migrations }];
  return [platformBase, ...own(auth), platformLog, ...services.filter((service) => service !== auth).flatMap(own)];
}
