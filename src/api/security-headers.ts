import helmet from '@fastify/helmet';
import type { Context } from '../platform/index.ts';
import type { Api } from './wire.ts';

/**
 * Every answer's security headers. Scripts come from our own files only, never inline. Styles may be
 * inline: the page's components set theirs in style elements, and the preview of a mail is a
 * sandboxed frame that inherits this policy while mails are styled inline by nature. With images,
 * fonts and requests held to our own address, a style has nowhere to send anything.
 */
export async function addSecurityHeaders(app: Api, ctx: Context): Promise<void> {
  const https = ctx.config.public_url.startsWith('https:');
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    frameguard: { action: 'deny' },
    // Not `no-referrer`: with it a browser hides the origin of our own forms.
    referrerPolicy: { policy: 'same-origin' },
  });
}
