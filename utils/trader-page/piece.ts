/** A text, or an element with its attributes and what is in it. `data-do` is what a click on it asks for. */
export type Piece = string | [name: string, attributes: Record<string, string>, ...inside: Piece[]];
