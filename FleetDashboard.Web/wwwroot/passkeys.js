// Passkeys: before a form is submitted, the browser is asked to create a passkey or to sign in with one. The form's `data-passkey` says
// which. The form stays hidden if the browser has no passkeys.
const problems = {
  NotAllowedError: "No passkey was used. The prompt was closed or timed out.",
  InvalidStateError: "This device already has a passkey for this account.",
};

const kinds = {
  create: json => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) }),
  get: json => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) }),
};

const showProblem = (form, text) => {
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
  showProblem(form, "");
  try {
    form.elements.Credential.value = await credential(form);
    form.querySelectorAll('[type="password"]').forEach(input => {
      input.disabled = true;
    }); // not needed for the submit
    form.submit();
  } catch (error) {
    button.disabled = false;
    const other = error.name === "Error" ? error.message : "The passkey could not be used. Reload the page and try again.";
    showProblem(form, problems[error.name] ?? other);
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
