/**
 * Works out something of an event for the first detector that asks, and gives the others the same: a dozen look
 * at every start of a program, one after the other. Holds one event, and changes nothing but the time it takes:
 * `workOut` must depend on the event alone, and what it gives must not be changed.
 */
export function onceAnEvent<E extends object, T>(workOut: (event: E) => T): (event: E) => T {
  let last: { readonly event: E; readonly value: T } | null = null
  return (event) => {
    if (last?.event !== event) last = { event, value: workOut(event) }
    return last.value
  }
}
