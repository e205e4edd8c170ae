package ui

// Act is the page of one act: what it is, what will happen to whom, the form, one button that is a verb.
// Severity shows in what it asks for: nothing more, a dialog, a typed phrase.
type Act struct {
	Title   string // the h1, also the dialog's name
	Lead    string // one line under it
	Effect  string // what will happen to whom: "Maya gets this message: …"
	Submit  string // a verb
	Tone    Tone   // Danger for what cannot be taken back
	Cancel  string // where to go without acting, for a page without a script
	Form    Form
	Blocked string // why it cannot be done now and what is missing; then there is no button
}

// Toast tells that an act was done, or that it failed.
type Toast struct {
	Text   string
	Failed bool  // stays until dismissed, and is announced at once
	Undo   *Undo // nil: the act cannot be taken back
}

// Undo is the form that takes an act back.
type Undo struct {
	URL    string
	CSRF   string
	Fields map[string]string
}

func (a Act) button() string {
	if a.Tone == Danger {
		return "button danger"
	}
	return "button primary"
}
