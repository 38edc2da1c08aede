/** What a client asks for on the channel. `id` comes back with the answer. */
export type ChannelRequest =
  | { readonly type: 'auth'; readonly token: string }
  | { readonly type: 'join'; readonly id: RequestId; readonly room: string; readonly state: unknown }
  | { readonly type: 'state'; readonly id: RequestId; readonly room: string; readonly state: unknown }
  | { readonly type: 'say'; readonly id: RequestId; readonly room: string; readonly data: unknown }
  | { readonly type: 'leave'; readonly id: RequestId; readonly room: string }
  | {
      readonly type: 'follow';
      readonly id: RequestId;
      readonly after: number | null;
      readonly names: readonly string[];
    }
  | { readonly type: 'unfollow'; readonly id: RequestId; readonly follow: RequestId };

/** What a client calls a request by. */
export type RequestId = string | number;

/** A request that was read, or why it was not. */
export type ReadRequest =
  | { readonly request: ChannelRequest }
  | { readonly refused: RequestId; readonly message: string }
  | { readonly unreadable: true };

const ROOM = /^[a-z0-9:/_-]{1,100}$/;
const EVENT_NAME = /^[a-z0-9.-]{1,100}$/;
const EVENT_NAMES_MAX = 50;
const ID_CHARS_MAX = 100;
const TOKEN_CHARS_MAX = 4_096;
/** Bytes of a state or of what is said, as JSON in UTF-8: with its surroundings it fits a message between nodes. */
export const VALUE_BYTES_MAX = 4_096;

const bytesOf = (text: string): number => UTF_8.encode(text).length;

const UTF_8 = new TextEncoder();
const CURSOR = /^\d{1,15}$/;

/** Reads a text frame of a client. */
export function readChannelRequest(text: string): ReadRequest {
  const message = objectIn(text);
  if (message === undefined) return UNREADABLE;
  const { type, id, token } = message;
  if (type === 'auth') {
    const isToken = typeof token === 'string' && token !== '' && token.length <= TOKEN_CHARS_MAX;
    return isToken ? { request: { type, token } } : UNREADABLE;
  }
  if (!isRequestId(id)) return UNREADABLE;
  const refuse = (why: string): ReadRequest => ({ refused: id, message: why });
  switch (type) {
    case 'join':
    case 'state':
    case 'say':
    case 'leave':
      return aboutRoom(type, id, message, refuse);
    case 'follow':
      return following(id, message, refuse);
    case 'unfollow':
      return isRequestId(message['follow'])
        ? { request: { type, id, follow: message['follow'] } }
        : refuse('`follow` is the id of the request that began it.');
    default:
      return refuse('There is no request of this type.');
  }
}

type Message = Readonly<Record<string, unknown>>;
type Refuse = (why: string) => ReadRequest;

const UNREADABLE: ReadRequest = { unreadable: true };

function aboutRoom(
  type: 'join' | 'state' | 'say' | 'leave',
  id: RequestId,
  { room, state = null, data = null }: Message,
  refuse: Refuse,
): ReadRequest {
  if (typeof room !== 'string' || !ROOM.test(room)) {
    return refuse('A room has a name of 1 to 100 characters of a-z 0-9 : / _ -');
  }
  const value = type === 'say' ? data : state;
  if (bytesOf(JSON.stringify(value)) > VALUE_BYTES_MAX) return refuse('At most 4,096 bytes of JSON.');
  if (type === 'leave') return { request: { type, id, room } };
  return { request: type === 'say' ? { type, id, room, data } : { type, id, room, state } };
}

function following(id: RequestId, { after = null, names = [] }: Message, refuse: Refuse): ReadRequest {
  if (after !== null && (typeof after !== 'string' || !CURSOR.test(after))) return refuse('`after` is a cursor.');
  const isList = Array.isArray(names) && names.length <= EVENT_NAMES_MAX;
  if (!isList || !names.every((name) => typeof name === 'string' && EVENT_NAME.test(name))) {
    return refuse('`names` holds at most 50 names of events.');
  }
  return { request: { type: 'follow', id, after: after === null ? null : Number(after), names } };
}

const isRequestId = (id: unknown): id is RequestId =>
  typeof id === 'number' || (typeof id === 'string' && id !== '' && id.length <= ID_CHARS_MAX);

function objectIn(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}
