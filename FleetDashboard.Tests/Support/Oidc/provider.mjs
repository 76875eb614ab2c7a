// The certified oidc-provider with accounts that the tests make and clients that they register. `node provider.mjs MODULES PORT`
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, port] = process.argv.slice(2);
const load = name => import(pathToFileURL(createRequire(`${modules}/package.json`).resolve(name)).href);
const { default: Provider } = await load('oidc-provider');
const { SignJWT, decodeJwt, importJWK, generateKeyPair, exportJWK } = await load('jose');

const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'test', use: 'sig', alg: 'RS256' };
const accounts = new Map();
const sign = async (payload, headers) => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'test', ...headers }).sign(await importJWK(key, 'RS256'));

const provider = new Provider(issuer, {
  jwks: { keys: [key] },
  cookies: { keys: ['for tests only'] },
  scopes: ['openid', 'profile', 'email', 'groups', 'realm'],
  claims: { openid: ['sub', 'sid'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], groups: ['groups'], realm: ['realm_access'] },
  findAccount: (_, sub) => accounts.has(sub) ? { accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) } : undefined,
  extraClientMetadata: { properties: ['twist'] },
  ttl: { AuthorizationCode: (_ctx, _code, client) => client.twist === 'short-code' ? 1 : 60, Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 600 },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = `<!DOCTYPE html><title>Sign out?</title>${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`; },
    },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // Whoever signs in has consented.
  loadExistingGrant: async ctx => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email groups realm');
    await grant.save();
    return grant;
  },
  // Clients under test listen on loopback, which its own dispatcher does not call.
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  renderError: (ctx, out) => { ctx.body = JSON.stringify(out); },
});

// What no honest provider does: id tokens of another issuer or for another client, signed with its own key; and roles inside the id token.
const twists = {
  issuer: claims => ({ ...claims, iss: 'http://evil.example' }),
  audience: claims => ({ ...claims, aud: 'another-client' }),
  'id-token': claims => ({ ...claims, realm_access: accounts.get(claims.sub).realm_access }),
};
provider.use(async (ctx, next) => {
  // One that does not heed prompt=login.
  if (ctx.path === '/auth' && (await provider.Client.find(ctx.query.client_id))?.twist === 'never-asks') {
    ctx.query = { ...ctx.query, prompt: undefined };
  }
  await next();
  const twist = twists[ctx.oidc?.client?.twist];
  if (ctx.oidc?.route === 'token' && ctx.body?.id_token && twist) {
    ctx.body.id_token = await sign(twist(decodeJwt(ctx.body.id_token)));
  }
});

const text = async request => { let all = ''; for await (const part of request) all += part; return all; };
const handle = provider.callback();
http.createServer(async (request, response) => {
  try {
    const url = new URL(request.url, issuer);
    if (url.pathname === '/test/accounts') {
      const { sub, ...claims } = JSON.parse(await text(request));
      accounts.set(sub, claims);
      response.end();
    } else if (url.pathname === '/test/sign') {
      response.end(await sign(JSON.parse(await text(request)), { typ: 'logout+jwt' }));
    } else if (url.pathname.startsWith('/interaction/') && request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      response.end('<!DOCTYPE html><title>Provider</title><form method="post"><label>Login<input name="login"></label><button>Log in</button><button name="deny" value="1">Cancel</button></form>');
    } else if (url.pathname.startsWith('/interaction/')) {
      const form = new URLSearchParams(await text(request));
      const result = form.has('deny') ? { error: 'access_denied', error_description: 'no' } : { login: { accountId: form.get('login') } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else {
      handle(request, response);
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));

// Ends with whoever started it, however that ends.
process.stdin.resume();
process.stdin.on('end', () => process.exit());
