"""How likely two states are to sign or end a defence pact: risk sets, model, rolling-origin record, answer."""
