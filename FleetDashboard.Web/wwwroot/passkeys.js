// Passkeys: between a form and its sending the browser is asked to make one or to prove one. A form with `data-passkey` says which of the
// two; it stays hidden where the browser has no passkeys.
const problems = {
  NotAllowedError: "No passkey was used: the question was closed, or its time was over.",
  InvalidStateError: "This device has a passkey for this account already.",
};

const kinds = {
  create: json => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) }),
  get: json => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) }),
};

const say = (form, text) => {
  const problem = form.querySelector('[role="alert"]');
  problem.hidden = !text;
  problem.lastElementChild.textContent = text;
};

async function credential(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), redirect: "error" });
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(json.detail);
  }
  return JSON.stringify(await kinds[form.dataset.passkey](json));
}

async function send(form, button) {
  button.disabled = true;
  say(form, "");
  try {
    form.elements.Credential.value = await credential(form);
    form.querySelectorAll('[type="password"]').forEach(input => {
      input.disabled = true;
    }); // has done its part
    form.submit();
  } catch (error) {
    button.disabled = false;
    say(form, problems[error.name] ?? (error.name === "Error" ? error.message : "That did not work. Reload the page and try again."));
  }
}

if (globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      send(form, event.submitter ?? form.querySelector('[type="submit"]'));
    });
  }
  document.querySelectorAll("[data-passkey-none]").forEach(note => {
    note.hidden = true;
  });
}
