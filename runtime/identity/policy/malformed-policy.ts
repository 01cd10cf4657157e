/** A policy that is none; the message is IAM's sentence. */
export class MalformedPolicy extends Error {
  override readonly name = 'MalformedPolicy';
}
