export type UsedTicketsStatements = {
  useTicket: {
    params: { tenantId: string; now: Date; id: string; expiresAt: Date };
    row: { id: string };
  };
};
