// What the router answers itself: its page for applications that are not available, and HAProxy's own errors.

const page = `<html>
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style type="text/css">
      body { font-family: Helvetica, Arial, sans-serif; margin: 4em 3em; color: #1d1d1d; }
      .alert { border: 1px solid #dcdcdc; margin-top: 30px; padding: 14px; }
    </style>
  </head>
  <body>
    <div>
      <h1>Application is not available</h1>
      <p>The application is currently not serving requests at this endpoint. It may not have been started or is still starting.</p>

      <div class="alert alert-info">
        <p class="info">
          Possible reasons you are seeing this page:
        </p>
        <ul>
          <li>
            <strong>The host doesn't exist.</strong>
            Make sure the hostname was typed correctly and that a route matching this hostname exists.
          </li>
          <li>
            <strong>The host exists, but doesn't have a matching path.</strong>
            Check if the URL path was typed correctly and that the route was created using the desired path.
          </li>
          <li>
            <strong>Route and path matches, but all pods are down.</strong>
            Make sure that the resources exposed by this route (pods, services, deployment configs, etc) have at least one pod running.
          </li>
        </ul>
      </div>
    </div>
  </body>
</html>
`;

/** Status 503 as the errorfile has it: HTTP/1.0, never to be cached (openshift/router, error-page-503.http). */
export const UNAVAILABLE = [
  'HTTP/1.0 503 Service Unavailable',
  'Pragma: no-cache',
  'Cache-Control: private, max-age=0, no-cache, no-store',
  'Connection: close',
  'Content-Type: text/html',
  '',
  page,
].join('\r\n');

const failure = (status: string, title: string, sentence: string): string => {
  const body = `<html><body><h1>${title}</h1>\n${sentence}\n</body></html>\n`;
  return `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\ncache-control: no-cache\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n${body}`;
};

/** HAProxy's built-in answers. */
export const BAD_REQUEST = failure('400 Bad request', '400 Bad request', 'Your browser sent an invalid request.');
export const BAD_GATEWAY = failure(
  '502 Bad Gateway',
  '502 Bad Gateway',
  'The server returned an invalid or incomplete response.',
);
export const GATEWAY_TIMEOUT = failure(
  '504 Gateway Time-out',
  '504 Gateway Time-out',
  "The server didn't respond in time.",
);
