/**
 * Passwords that every guessing tool tries first, and words that become one with a common ending such as 123. The name
 * of this platform is one of them.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  password passwort passw0rd p@ssword p@ssw0rd passwd pass word motdepasse contrasena senha wachtwoord haslo
  12345678 123456789 1234567890 12345678910 123456789a 87654321 987654321 0987654321 11223344 1122334455 12341234
  123123123 123321123 147258369 159753 123654789 789456123 741852963 00000000 11111111 22222222 88888888 99999999
  123qwe 123abc abc123 abcd1234 a1b2c3d4 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 qazwsx qazwsxedc zaq12wsx zaq1xsw2
  qwerty qwertyui qwertyuiop qwerty12 qwert asdfgh asdfghjk asdfghjkl asdf zxcvbn zxcvbnm zxcvbnmm azerty azertyuiop
  qwertz qwertzui qwertzuiop 1234qwer qwer1234 q1w2e3r4 q1w2e3r4t5 asdf1234 asdfqwer
  letmein welcome welcome1 changeme trustno1 iloveyou loveyou iloveu sunshine princess princesa football baseball
  basketball superman batman spiderman starwars pokemon naruto dragon monkey shadow master michael jennifer jordan
  jordan23 ashley bailey charlie daniel thomas jessica michelle nicole anthony joshua matthew andrew robert william
  computer internet samsung google facebook linkedin myspace microsoft windows chocolate butterfly flower liverpool
  chelsea arsenal barcelona realmadrid juventus manchester whatever nothing secret mysecret topsecret secretpassword
  administrator admin adminadmin root rootroot toor guest guestguest default temp temporary test testtest testing
  tester demo demodemo user username userpass login loginlogin access system server oracle mysql postgres postgresql
  hello helloworld hellohello freedom forever familia family mustang corvette ferrari mercedes porsche harley yamaha
  maverick phoenix falcon eagle tigger tiger lovely angel angels babygirl babyboy sweetheart cookie peanut pepper ginger
  summer winter spring autumn january february march april june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday company business office manager
  candlefish correcthorsebatterystaple donaldtrump blink182 metallica nirvana slipknot eminem hannah elizabeth alexander
  `
    .trim()
    .split(/\s+/),
);
