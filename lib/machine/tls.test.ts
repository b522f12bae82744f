import { expect, test } from 'vitest';
import { fromPem, toPem, verify } from './tls';

// made by `openssl req -x509 -newkey ec -subj /CN=my-nginx/O=my-nginx`, the second with subject alternative names
const PLAIN = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUmgAwIBAgIUff1gJQz+Des6qnt7GewArxfrXkIwCgYIKoZIzj0EAwIw
JjERMA8GA1UEAwwIbXktbmdpbngxETAPBgNVBAoMCG15LW5naW54MCAXDTI2MTEy
NjAyNDkwMFoYDzIxMjYxMTAyMDI0OTAwWjAmMREwDwYDVQQDDAhteS1uZ2lueDER
MA8GA1UECgwIbXktbmdpbngwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQhsq+t
6oyOUAWj4W10CB+R8t8VEfroHfbcknduk0XucrxtJ21aTPfUSYqJ9BTCNpwCkCt7
FdEsFPhWhnHvKoKfo1MwUTAdBgNVHQ4EFgQU6OV1OKW9LiSEYiVIY1JW9bp+qbEw
HwYDVR0jBBgwFoAU6OV1OKW9LiSEYiVIY1JW9bp+qbEwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNJADBGAiEA1dDNDKKzews92kUgsfRlG2YDDGHshyw2/yfV
I9LO2eQCIQCUr/2afARmmPqQxS3DQO7l3qGeTLSfZ3zF+JqhKRjs+A==
-----END CERTIFICATE-----
`;
const NAMED = `-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUXmK7qNqm6OJJqRdr8pblherY1NIwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjYwMjQ5MDBaGA8yMTI2MTEwMjAyNDkwMFow
DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFfFnhyFerlA
raCdDFWgP9qG6IecxGNkJH+9FZyFRjN+1y1Yhzlarz3hfHZuklbaf8m7vYl5DkSK
JY1R1QC9jwujdTBzMB0GA1UdDgQWBBTBcXxrLi/U3t7LJTwhkZyMhAAPIzAfBgNV
HSMEGDAWgBTBcXxrLi/U3t7LJTwhkZyMhAAPIzAPBgNVHRMBAf8EBTADAQH/MCAG
A1UdEQQZMBeCD3dlYi5leGFtcGxlLmNvbYcECgAAATAKBggqhkjOPQQDAgNIADBF
AiEA1rdWXuPkSIfobjohq2VtbxwgBzMYaSRwdKwghNoSwBICIHm0OgdplPzvVz4R
V+KpBVDguTETEzFfWpGmAKbJhDaX
-----END CERTIFICATE-----
`;

test('a real certificate says what it is', () => {
  const [certificate] = fromPem(PLAIN);
  expect(certificate).toMatchObject({ subject: 'CN=my-nginx, O=my-nginx', dnsNames: ['my-nginx'], ipAddresses: [] });
  expect(certificate?.signedBy).toBe(certificate?.key);
  expect(fromPem(NAMED)).toMatchObject([{ dnsNames: ['web.example.com'], ipAddresses: ['10.0.0.1'] }]);
});

test('it is trusted when it is among the trusted, for its name', () => {
  const certificates = fromPem(PLAIN);
  const [certificate] = certificates;
  if (!certificate) throw new Error('none');
  const now = certificate.notBefore + 1;
  expect(verify(certificate, certificates, 'my-nginx', now)).toBeUndefined();
  expect(verify(certificate, certificates, 'other', now)?.code).toBe('wrong-name');
  expect(verify(certificate, [], 'my-nginx', now)?.code).toBe('unknown-authority');
});

test('a bundle of both kinds, and nonsense', () => {
  const [certificate] = fromPem(PLAIN);
  if (!certificate) throw new Error('none');
  expect(
    fromPem(`${toPem(certificate)}${NAMED}-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n`),
  ).toHaveLength(2);
});
