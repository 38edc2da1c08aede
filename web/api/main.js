/* Shows the document that this process serves; asks nobody else for anything. */
{
  const notice = document.querySelector('#reference');
  const reference = globalThis.Scalar;
  if (reference === undefined) {
    notice.textContent = 'The API reference could not be loaded.';
  } else {
    reference.createApiReference('#reference', {
      url: '/api/v1/openapi.json',
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      showDeveloperTools: 'never',
      authentication: { preferredSecurityScheme: 'bearer' },
      defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
      metaData: { title: 'Candlefish API reference' },
    });
  }
}
