/** The same items, each told of as it goes by. */
export async function* watched<T>(
  items: AsyncIterable<T>,
  tell: (item: T) => void,
): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    tell(item);
    yield item;
  }
}
