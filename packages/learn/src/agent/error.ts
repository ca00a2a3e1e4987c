/** What goes wrong between agent and world: says what, where and what to do. */
export class AgentError extends Error {
  override readonly name = 'AgentError'
}
