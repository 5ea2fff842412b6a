/** An error as AWS's clients throw it. */
export function awsError(name: string, message: string, status?: number): Error {
  const metadata = status === undefined ? {} : { $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), { name }, metadata);
}
