// What activations are called elsewhere, such as "ReLU" or "nn.LeakyReLU()": twin of network/activation_name.py.

const NAMES = NUMBERS.activation_names;
const NAME_PATTERN = new RegExp(`^(?:${NAMES.pattern})$`);
const ANY_ARGUMENT = new RegExp(`^(?:${NAMES.any_argument})$`);

// The name in the program's table; null for what is none, or another function by its arguments.
function knownAs(name) {
  const match = NAME_PATTERN.exec(name.trim().toLowerCase());
  const found = match && NAMES.names[match[1].replace(/[_ -]/g, "")];
  if (!found) return null;
  const given = (match[2] ?? "").split(",").map((each) => each.replaceAll(" ", "")).filter((each) => each);
  const own = NAMES.own_arguments[found] ?? [];
  return given.every((each) => own.includes(each) || ANY_ARGUMENT.test(each)) ? found : null;
}
