// SPDX-License-Identifier: EUPL-1.2
// What a screen has to be for everyone: what axe-core finds, and what it does
// not look for.

import fs from "node:fs";
import { createRequire } from "node:module";

const axe = fs.readFileSync(createRequire(import.meta.url)
    .resolve("axe-core/axe.min.js"), "utf8");

export const modes = {
	light: { colorScheme: "light", forcedColors: "none" },
	dark: { colorScheme: "dark", forcedColors: "none" },
	forced: { colorScheme: "dark", forcedColors: "active" },
};

// Past the page's policy, which would not let it in, and rightly so.
export async function withAxe(page) {
	if (!await page.evaluate(() => "axe" in globalThis))
		await page.evaluate(axe);
}

const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
    "best-practice"];
const ofColour = ["color-contrast", "link-in-text-block"];

// "rule: where" of everything that is wrong. Other colours change nothing but
// colours: in their modes the rules about those are asked again.
export const axeFinds = (page, mode) => page.evaluate(async (runOnly) => {
	const { violations } = await axe.run(document, { runOnly, resultTypes:
	    ["violations"], preload: false });
	// Pins stand where the reports are, close to each other or not; the list
	// has them all (WCAG 2.2, 2.5.8, exception "Equivalent").
	return violations.flatMap(({ id, nodes }) => nodes.filter(({ html }) =>
	    id !== "target-size" || !html.includes('class="sk-pin'))
	    .map(({ target, any }) => `${id}: ${target.join(" ")}${
	    id === "color-contrast" ? ` ${any[0]?.message}` : ""}`));
}, mode === "light" ? everything : ofColour);

// As high as what is in it: what is scrolled out by half is no small target.
export async function resize(page, width) {
	await page.setViewportSize({ width, height: 720 });
	const height = await page.evaluate(() => {
		const content = document.querySelector(".sk-content");
		return Math.max(document.scrollingElement.scrollHeight,
		    720 - content.clientHeight + content.scrollHeight);
	});
	await page.setViewportSize({ width, height: Math.min(height, 8000) });
	// Whatever took the focus may have scrolled it.
	await page.evaluate(() => scrollTo(0, 0));
}

export async function setMode(page, mode) {
	await page.emulateMedia(modes[mode]);
	await page.evaluate(() => new Promise((done) =>
	    requestAnimationFrame(() => requestAnimationFrame(done))));
}

// Runs in the page. The measures are CSS pixels.
function look() {
	const found = [];
	const shown = (one) => one.checkVisibility({ opacityProperty: true,
	    visibilityProperty: true }) && !one.closest(".kern-sr-only, .sk-skip");
	for (const box of [document.scrollingElement,
	    ...document.querySelectorAll(".sk-content, dialog[open]")])
		if (box.scrollWidth > box.clientWidth)
			found.push(`scrolls sideways: ${box.tagName}.${box.className} ` +
			    `${box.scrollWidth} > ${box.clientWidth}`);
	const h1 = [...document.querySelectorAll("h1")].filter(shown);
	if (h1.length !== 1)
		found.push(`${h1.length} headings of the first level`);
	const within = document.querySelector("dialog[open]") ?? document;
	const levels = [...within.querySelectorAll("h1, h2, h3, h4, h5, h6")]
	    .filter(shown).map((one) => Number(one.tagName[1]));
	levels.forEach((level, i) => {
		if (i > 0 && level > levels[i - 1] + 1)
			found.push(`heading ${level} follows ${levels[i - 1]}`);
	});
	const start = location.pathname === "/";
	if (h1.length === 1 && !start && !document.title.startsWith(
	    `${h1[0].innerText} – `))
		found.push(`the title is ${document.title}`);
	for (const one of within.querySelectorAll("a[href], button, input, select, " +
	    "textarea, summary")) {
		if (!shown(one) || one.closest(".maplibregl-ctrl-attrib"))
			continue;
		// What one touches of a choice is its label as well.
		const label = one.matches("[type=radio], [type=checkbox], " +
		    "[type=file]") ? one.labels[0] : null;
		const boxes = [one, label].filter(Boolean).map((part) =>
		    part.getBoundingClientRect());
		const width = Math.max(...boxes.map((box) => box.right)) -
		    Math.min(...boxes.map((box) => box.left));
		const height = Math.max(...boxes.map((box) => box.bottom)) -
		    Math.min(...boxes.map((box) => box.top));
		const inline = getComputedStyle(one).display === "inline" ||
		    one.matches(".dr-dial");
		const least = inline ? 18 : one.matches(".sk-pin") ? 24 : 43.5;
		if (height < least || width < (inline ? 8 : least))
			found.push(`small: ${one.outerHTML.slice(0, 90)} ` +
			    `${width.toFixed(1)} x ${height.toFixed(1)}`);
	}
	return found;
}
export const lookAt = (page) => page.evaluate(look);

// Whatever can take the focus shows that it has it.
export async function focusIsSeen(page) {
	await page.keyboard.press("Tab");
	return page.evaluate(() => {
		const found = [];
		const within = document.querySelector("dialog[open]") ?? document;
		for (const one of within.querySelectorAll("a[href], button, input, " +
		    "select, textarea, summary, canvas[tabindex]")) {
			if (!one.checkVisibility({ visibilityProperty: true }) ||
			    one.tabIndex < 0)
				continue;
			one.focus({ focusVisible: true, preventScroll: true });
			const seen = [one, one.labels?.[0], one.parentElement]
			    .filter(Boolean).some((part) => {
				const style = getComputedStyle(part);
				return (style.outlineStyle !== "none" &&
				    parseFloat(style.outlineWidth) >= 2) ||
				    style.boxShadow !== "none";
			});
			if (document.activeElement === one && !seen)
				found.push(`no focus seen: ${one.outerHTML.slice(0, 90)}`);
		}
		return found;
	});
}

// With larger letters nothing is cut off.
export const largeText = (page, size) => page.evaluate((size) => {
	const { style } = document.documentElement;
	style.fontSize = size;
	const found = [];
	for (const one of document.querySelectorAll("main *, .sk-bar *, " +
	    ".sk-header *, dialog[open] *")) {
		const { overflowX, overflowY, clipPath } = getComputedStyle(one);
		if (clipPath !== "none" || one.closest(".kern-sr-only, [class*=map]") ||
		    !one.checkVisibility())
			continue;
		if (one.tagName !== "TEXTAREA" && one.tagName !== "INPUT" &&
		    ((overflowX === "hidden" &&
		    one.scrollWidth > one.clientWidth + 1) ||
		    (overflowY === "hidden" &&
		    one.scrollHeight > one.clientHeight + 1)))
			found.push(`cut off: ${one.outerHTML.slice(0, 90)}`);
	}
	const box = document.scrollingElement;
	if (box.scrollWidth > box.clientWidth)
		found.push(`scrolls sideways: ${box.scrollWidth}`);
	style.fontSize = "";
	return found;
}, size);
