// Checks version 4 signatures against the request as received. The package's own check rebuilds the path
// from its routes and rejects what current SDKs send ("/bucket/" with a trailing slash).
'use strict';
const { createHash, createHmac, timingSafeEqual } = require('node:crypto');

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const decode = (text) => decodeURIComponent(text.replaceAll('+', '%20'));
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function partsOf(request, query) {
  const header = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(request.headers.authorization ?? '');
  if (header) {
    const given = Object.fromEntries(header[1].split(/,\s*/).map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
    return { credential: given.Credential, signed: given.SignedHeaders, signature: given.Signature,
      time: request.headers['x-amz-date'], payload: request.headers['x-amz-content-sha256'] };
  }
  const of = (name) => query.find(([key]) => key === name)?.[1];
  if (of('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return undefined;
  return { credential: of('X-Amz-Credential'), signed: of('X-Amz-SignedHeaders'), signature: of('X-Amz-Signature'),
    time: of('X-Amz-Date'), payload: 'UNSIGNED-PAYLOAD', expires: Number(of('X-Amz-Expires')) };
}

const timeOf = (stamp) => Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** The S3 error code for an invalid signature; undefined if it is valid. */
exports.problemOf = (request, accessKey, secretKey) => {
  const [path, search = ''] = request.url.split(/\?(.*)/s);
  let query, parts;
  try {
    query = search.split('&').filter(Boolean).map((pair) => pair.split(/=(.*)/s).slice(0, 2).map((text = '') => decode(text)));
    parts = partsOf(request, query);
  } catch (error) {
    if (error instanceof URIError) return 'InvalidURI';
    throw error;
  }
  if (!parts) return 'AccessDenied';
  if (!parts.credential || !parts.signed || !parts.signature || !parts.time || !parts.payload) return 'AuthorizationHeaderMalformed';
  const [key, ...scope] = parts.credential.split('/');
  if (key !== accessKey) return 'InvalidAccessKeyId';
  if (parts.expires !== undefined && !(timeOf(parts.time) + parts.expires * 1000 > Date.now())) return 'AccessDenied';

  const canonical = [
    request.method,
    path,
    query.filter(([name]) => name !== 'X-Amz-Signature').map(([name, value = '']) => `${encode(name)}=${encode(value)}`).sort().join('&'),
    ...parts.signed.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    parts.signed,
    parts.payload,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', parts.time, scope.join('/'), createHash('sha256').update(canonical).digest('hex')].join('\n');
  const expected = hmac(scope.reduce(hmac, `AWS4${secretKey}`), text).toString('hex');
  const isSame = expected.length === parts.signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(parts.signature));
  return isSame ? undefined : 'SignatureDoesNotMatch';
};
