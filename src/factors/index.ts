// How somebody shows who he is: security keys (FIDO2, CTAP 2.1), and one-time codes (RFC 4226, RFC 6238).
//
//   enrolSigner({ random, known })    → Conversation<Signer>     a person's key; two touches
//   assertChallenge({ … })            → Conversation<"agreed">   it signs the digest of one request; one touch
//   hotpCounter, totpStep             → which counter or half-minute a typed code is of
//
// With the extension hmac-secret a key opens the home together with the PIN:
//
//   enrol({ random, known })          → Conversation<Enrolled>   a new credential and its secret; two touches
//   answer({ random, credentials })   → Conversation<Answer>     which credential, and its secret; one touch
//
// A Conversation is a generator (conversation.ts): it yields a Wish (packets to send, a packet to wait for, the
// key's PIN to ask for), hears what happened, and ends with its result or throws a Refusal factor.*. The flow
// converse() in src/flows/security-key.ts runs one with screens; anything else can.
//
// Credential is what has to be kept of a key, and nothing of it is secret. The secret is 32 bytes that only this
// key makes, of its own secret and the credential's salt; whoever is given one wipes it. A key that can tell its
// owner (by a finger, or by a PIN of its own) is enrolled with that and asked with it ever after.
//
// CTAP hides the secret and the key's PIN from whoever listens between Firn and the key; it does not prove to
// Firn which key it agreed with before the assertion is signed, so a glass that takes part, and does not only
// listen, learns them.

export type { Credential } from "./assertion.ts";
export { type AgreedTo, assertChallenge, challengeOf, enrolSigner, type Signer } from "./challenge.ts";
export type { Conversation, Heard, Wish } from "./conversation.ts";
export { type Answer, type AnswerParts, answer, type Enrolled, type EnrolParts, enrol } from "./enrol.ts";
export { CODE_DIGITS, hotp, hotpCounter, LOOK_AHEAD, SECRET_BYTES } from "./hotp.ts";
export { type KeptPerson, type PersonFactor, packPeople, unpackPeople, wipePerson } from "./kept.ts";
export { otpauth, secretText } from "./otpauth.ts";
export { PACKET_BYTES } from "./packets.ts";
export { STEP_MS, stepOf, TOLERANCE, totp, totpStep } from "./totp.ts";
