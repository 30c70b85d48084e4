const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/**
 * The page visitors see while the app does not answer: complete in itself, no script, nothing loaded. The front server fills in the
 * request id (SSI), by which the line in the access log is found.
 */
export const errorPage = (app: string, edge: 'nginx' | 'apache' = 'nginx'): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(app)} is not available right now</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
p { margin: 0 0 1rem; }
small { opacity: .75; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>This site is not available right now</h1>
<p>It did not answer. Please try again in a few moments; nothing you did caused this.</p>
<p><small>Request <code>${edge === 'nginx' ? '<!--# echo var="request_id" default="" -->' : '<!--#echo var="UNIQUE_ID" -->'}</code></small></p>
</main>
</body>
</html>
`;
