/** A service is declared once; hosting, gateway, mesh, manifests, dashboards and docs are derived from the declaration. */
export {
  type CallProvision,
  type Cron,
  defineService,
  type JobHandler,
  provide,
  type Scaling,
  type ServiceDeclaration,
  type ServiceObjective,
  type SetupParts,
  type SubgraphDeclaration,
  type Subscriber,
} from './declaration.ts';
