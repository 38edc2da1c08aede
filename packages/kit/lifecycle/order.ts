import type { ServiceDeclaration } from '../service/index.ts';

/**
 * The services in an order in which each starts after those whose calls it makes. Calls to services that are not in
 * the list go over the network and order nothing.
 * @throws Error that names a circle of calls, a path or a call claimed twice, or a name used twice.
 */
export function startOrder(services: readonly ServiceDeclaration[]): readonly ServiceDeclaration[] {
  refuseClashes(services);
  const providerOf = new Map(
    services.flatMap((service) => service.provides.map((p) => [p.call.name, service] as const)),
  );
  const ordered: ServiceDeclaration[] = [];
  const visit = (service: ServiceDeclaration, path: readonly string[]): void => {
    if (ordered.includes(service)) return;
    if (path.includes(service.name))
      throw new Error(`services call in a circle: ${[...path, service.name].join(' → ')}`);
    for (const call of service.calls) {
      const provider = providerOf.get(call.name);
      if (provider !== undefined && provider !== service) visit(provider, [...path, service.name]);
    }
    ordered.push(service);
  };
  for (const service of services) visit(service, []);
  return ordered;
}

function refuseClashes(services: readonly ServiceDeclaration[]): void {
  const claims = new Map<string, string>();
  const claim = (what: string, owner: string): void => {
    const other = claims.get(what);
    if (other !== undefined) throw new Error(`${what} is claimed by both ${other} and ${owner}`);
    claims.set(what, owner);
  };
  for (const service of services) {
    claim(`the name ${service.name}`, service.name);
    for (const path of service.paths) claim(`the path ${path}`, service.name);
    for (const provision of service.provides) claim(`the call ${provision.call.name}`, service.name);
    for (const subscriber of service.subscribers) claim(`the subscriber ${subscriber.name}`, service.name);
    for (const job of service.jobs) claim(`the job ${job.job.name}`, service.name);
    for (const cron of service.crons) claim(`the timer ${cron.name}`, service.name);
    for (const route of service.routes) claim(`${route.method} ${route.path}`, service.name);
  }
}
