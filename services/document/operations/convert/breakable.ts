/** A longer word takes a page of PDF time with the square of its length. */
const WITHOUT_END = /\S{200,}/g;

/** A text whose words without end have invisible places to break at. */
export const breakable = (text: string): string =>
  text.replaceAll(WITHOUT_END, (word) => word.replaceAll(/.{20}(?=.)/gsu, '$&\u200b'));
