// SPDX-License-Identifier: EUPL-1.2
// A text in the pieces that one thing is said in. Knows no page.

const pieces = new Intl.Segmenter("de", { granularity: "sentence" });

// Lines, and sentences within them, each as it stands in the text.
export const sentences = (text: string): string[] => text.split("\n")
    .flatMap((line) => [...pieces.segment(line)])
    .map(({ segment }) => segment.trim()).filter((one) => one !== "");
