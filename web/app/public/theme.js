// Runs before the first paint, so that a theme chosen by hand does not flash in the other one.
{
  const theme = localStorage.getItem('candlefish.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
