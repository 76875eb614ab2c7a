using Microsoft.Playwright;

namespace FleetDashboard.Tests.Browser;

/// <summary>Looks at a page as a person would, without knowing which page it is, and lists what is wrong with it in words.</summary>
internal static class PageInspection
{
    /// <summary>
    /// What no page may have: sideways scroll, something hidden that is displayed, something open that is cut off, a sentence with a hole
    /// in it.
    /// </summary>
    public static Task<string[]> FaultsAsync(IPage page) => page.EvaluateAsync<string[]>(Script);

    // The text is read block by block, as it is displayed: with what stands in shadow roots, and with runs of white space as one.
    // What other people wrote is left out: log lines, the output of jobs, and whatever carries dir=auto or is a <bdi>; a hole in a sentence
    // of ours shows beside it.
    private const string Script = """
        () => {
          const faults = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > root.clientWidth + 1 && !clipped(one)).slice(0, 4);
            faults.push(`scrolls sideways to ${root.scrollWidth} px: ${wide.map(name).join(", ")}`);
          }
          for (const one of every(document)) {
            const style = getComputedStyle(one);
            if (one.hasAttribute("hidden") && style.display !== "none") faults.push(`is marked hidden and displayed: ${name(one)}`);
            if ((one.matches("dialog[open]") || one.matches(":popover-open"))) {
              const box = one.getBoundingClientRect();
              if (box.left < 0 || box.right > root.clientWidth) faults.push(`is open beyond the window's edge: ${name(one)} from ${box.left} to ${box.right}`);
            }
            for (const attribute of ["title", "aria-label", "aria-valuetext", "aria-description", "placeholder", "alt"]) {
              const text = one.getAttribute(attribute);
              if (text !== null && !theirs(one)) check(text, `${attribute} of ${name(one)}`);
            }
          }
          check(document.title, "title of the page");
          let block = "";
          walk(document.body, false);
          flush();
          const failed = document.querySelector("#blazor-error-ui");
          if (failed && getComputedStyle(failed).display !== "none") faults.push("the page has failed");
          return [...new Set(faults)];

          function* every(node) {
            for (const one of node.querySelectorAll("*")) {
              yield one;
              if (one.shadowRoot) yield* every(one.shadowRoot);
            }
          }

          function clipped(one) {
            for (let parent = one.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
              if (getComputedStyle(parent).overflowX !== "visible") return true;
            }
            return false;
          }

          function name(one) {
            return `<${one.localName}${one.id ? ` id=${one.id}` : ""}${one.className?.length ? ` class="${one.className.baseVal ?? one.className}"` : ""}>`;
          }

          function theirs(one) {
            return one.closest("bdi, [dir=auto], [role=log], pre, code, fleet-logs .line .text, svg text") !== null;
          }

          function walk(node, pre) {
            if (node.nodeType === Node.TEXT_NODE) {
              block += pre ? node.data : node.data.replace(/\s+/g, " ");
              return;
            }
            if (node.nodeType !== Node.ELEMENT_NODE && node !== node.shadowRoot) return;
            const style = getComputedStyle(node);
            if (style.display === "none" || style.visibility === "hidden" || ["script", "style", "select", "svg"].includes(node.localName)) return;
            if (theirs(node)) {
              block += node.textContent.trim() ? "text" : "";
              return;
            }
            const inline = style.display.startsWith("inline") || style.display === "contents" || node.classList.contains("sr");
            if (!inline) flush();
            if (node.localName === "br") flush();
            for (const child of (node.shadowRoot ?? node).childNodes) walk(child, style.whiteSpaceCollapse === "preserve");
            if (!inline) flush();
          }

          function flush() {
            const text = block.replace(/ +/g, " ").trim();
            block = "";
            if (text) check(text, "text");
          }

          function check(text, where) {
            for (const [what, pattern] of [
              ["a word of a programmer's", /\b(undefined|null|NaN|Infinity|\[object \w+\]|System\.[A-Z]\w+)\b/],
              ["a placeholder", /\{\d*\}/],
              ["empty brackets", /\(\s*\)|\[\s*\]|“\s*”/],
              ["a word with nothing behind it", /\b(since|of|than|until|because|the)\s*[.,;:!?)](\s|$)/i],
              ["an end with nothing behind it", /(\S (since|of|than|until|because|the)|,)$/i],
              ["a moment that is a sentence", /\bsince [A-Z][a-z]+ (?!\d)/],
              ["a stop that stands alone", /\s[.,;!?](\s|$)|^[.,;:!](\s|$)/],
              ["a stop twice", /[.!?]\s*[.;,](\s|$)|[,;]\s*[,;.]/],
              ["a separator with nothing beside it", /^·|·$|·\s*·/],
              ["two spaces", /\u00a0\u00a0|\u00a0 | \u00a0/],
              ["the beginning of time", /\b0001\b|\b1970\b/],
            ]) {
              const hit = pattern.exec(text);
              if (hit) faults.push(`${what} (${JSON.stringify(hit[0])}) in ${where}: ${text.slice(Math.max(0, hit.index - 60), hit.index + 60)}`);
            }
          }
        }
        """;
}
