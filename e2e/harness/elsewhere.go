package harness

// SayByChatwoot sends what a customer wrote by way of Chatwoot and returns what came back.
func (a *App) SayByChatwoot(from, text string) []Reply {
	a.t.Helper()
	return a.send(map[string]any{"from": from, "text": text, "channel": "chatwoot"})
}

// StaffSays lets a person of the salon write to a customer with another tool than the console: from the
// business's own phone ("whatsapp") or in Chatwoot ("chatwoot").
func (a *App) StaffSays(channel, to, text string) {
	a.t.Helper()
	a.send(map[string]any{"from": to, "text": text, "channel": channel, "by": "staff"})
}

// StaffLeaves lets a person leave a customer's conversation in Chatwoot in another state.
func (a *App) StaffLeaves(to, status string) {
	a.t.Helper()
	a.send(map[string]any{"from": to, "status": status, "channel": "chatwoot", "by": "staff"})
}
