import { expect, test } from 'vitest';
import { readAuthorization, sha256, signatureOf } from '../support/signature-v4.ts';

test('the bucket of our tests signs as Amazon does: the example of its API reference', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
  const signed = readAuthorization(authorization);
  if (!signed) throw new Error('The example could not be read.');
  const payloadHash = sha256('');
  const request = {
    method: 'GET',
    url: '/test.txt',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': '20130524T000000Z',
    },
    payloadHash,
  };
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  expect(signatureOf(request, signed, secret)).toBe(signed.signature);
  expect(signatureOf({ ...request, url: '/test.txt?x' }, signed, secret)).not.toBe(signed.signature);
});
