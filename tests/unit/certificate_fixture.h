/* SPDX-License-Identifier: MIT
 *
 * certificate_fixture: certificates of nobody, made by `openssl req -x509
 * -newkey ed25519` for CN=same (three of them), CN=other and "O=\xc3\x9cbung,
 * CN=x  Y", and a list of what CN=other revoked. The hashes are what `openssl
 * x509 -hash` says.
 */
#ifndef UNIT_CERTIFICATE_FIXTURE_H
#define UNIT_CERTIFICATE_FIXTURE_H

#define HASH_SAME 0x8f911d2f
#define HASH_OTHER 0x26487dc1
#define HASH_SPACED 0xd4c04983
/* clang-format off */
#define SAME_A \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIHaMIGNAhRkpD2D/a0iXrTYp0iCVoOGTAkd+DAFBgMrZXAwDzENMAsGA1UEAwwE\n" \
	"c2FtZTAgFw0yNjExMjIwMjIzMTJaGA8yMTI2MTAyOTAyMjMxMlowDzENMAsGA1UE\n" \
	"AwwEc2FtZTAqMAUGAytlcAMhAC0LwEwvRD51SdXkzfbIuNse4PXZlINRPf+xXWSl\n" \
	"vNHkMAUGAytlcANBAMx3aS7/kcK5SQUuBawEfjWhiks9KJ669fpdOBV5VLZPkqzj\n" \
	"YWOVc5Y4lcprlOrP1h2aRTnGtujsXwCF1D2HzAA=\n" \
	"-----END CERTIFICATE-----\n"
#define SAME_B \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIHaMIGNAhQjAkXLkgpofmGMDO66f0gtqACPuDAFBgMrZXAwDzENMAsGA1UEAwwE\n" \
	"c2FtZTAgFw0yNjExMjIwMjIzMTJaGA8yMTI2MTAyOTAyMjMxMlowDzENMAsGA1UE\n" \
	"AwwEc2FtZTAqMAUGAytlcAMhAOVmPVbhe8KE383OIJfF/i7WjXQ4PooaXoJ6viD3\n" \
	"zGExMAUGAytlcANBAN+87IAfOdFgSsjAtKJl4XY7rEjINEKiSwyQNijgKxQ0IC3Z\n" \
	"DdCFFQOgChAzUm5CQG0uXIaYFjAjbOsTe8l9VQA=\n" \
	"-----END CERTIFICATE-----\n"
#define SAME_C \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIHaMIGNAhRkMAlDIKPJMEm9qxOnXo7ASfhl5TAFBgMrZXAwDzENMAsGA1UEAwwE\n" \
	"c2FtZTAgFw0yNjExMjIwMjIzMTJaGA8yMTI2MTAyOTAyMjMxMlowDzENMAsGA1UE\n" \
	"AwwEc2FtZTAqMAUGAytlcAMhAI9VifhDI9KVivlpEdAEenjoEmcGAyv8Roh14MML\n" \
	"ivJGMAUGAytlcANBAATevj+nUL9VKz0kbPdT3Sz6CVQQAimxV5IO+yklM/PcBIpE\n" \
	"iITjBeIzWj8mJw80p7iJNG3Gs0cwvSCtOJoS1QA=\n" \
	"-----END CERTIFICATE-----\n"
#define OTHER \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIHcMIGPAhQDHp16sJDozuudBJnjDdOdt27d+jAFBgMrZXAwEDEOMAwGA1UEAwwF\n" \
	"b3RoZXIwIBcNMjYxMTIyMDIyMzEyWhgPMjEyNjEwMjkwMjIzMTJaMBAxDjAMBgNV\n" \
	"BAMMBW90aGVyMCowBQYDK2VwAyEAxEevz7MGFbAzdVDkZ02moVqNWrdyFxwNauMN\n" \
	"fTAl8OowBQYDK2VwA0EARrO1YSorFnW0WP59YrTjbrwdkh2fn9agQRf88+Pj92aj\n" \
	"Qsy1mSghbWt1mgGAD/hAKexolXO5+I2e/TJQJr6SCw==\n" \
	"-----END CERTIFICATE-----\n"
#define SPACED \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIH8MIGvAhQunCCPtyOpQXxDrug+fMJdxRrlyzAFBgMrZXAwIDEPMA0GA1UECgwG\n" \
	"w5xidW5nMQ0wCwYDVQQDDAR4ICBZMCAXDTI2MTEyMjAyMjMxMloYDzIxMjYxMDI5\n" \
	"MDIyMzEyWjAgMQ8wDQYDVQQKDAbDnGJ1bmcxDTALBgNVBAMMBHggIFkwKjAFBgMr\n" \
	"ZXADIQCFqc95li7tyJ5PdJFTKxH5tVfZ6/IhubCIZUAwMEtFBDAFBgMrZXADQQAz\n" \
	"glxd1zfNcZ8li147GRhfwzl4AFVkmoWL6lIPOhGUrGov1RiquBoHYQPR63NX8t1F\n" \
	"34CwBvVhh/RvxttFaygO\n" \
	"-----END CERTIFICATE-----\n"
#define OTHER_CRL \
	"-----BEGIN X509 CRL-----\n" \
	"MIGFMDkwBQYDK2VwMBAxDjAMBgNVBAMMBW90aGVyFw0yNjExMjIwMjIzMTJaGA8y\n" \
	"MTI2MTAyOTAyMjMxMlowBQYDK2VwA0EAyriOpc5GuT5Enj5hpPpr9c+DHx02CY4J\n" \
	"zVSYuC3ldD8Wa3mzejq49PjBFC8OhmAHgf0BNLoQ3OKkB+xx2VVODQ==\n" \
	"-----END X509 CRL-----\n"
/* clang-format on */

#endif
