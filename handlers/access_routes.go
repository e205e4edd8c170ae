package handlers

// accessRoutes lead in and out, and to one's own account. What changes how one comes in asks for a fresh
// proof.
func (s *Server) accessRoutes() []Route {
	own, link := signedIn().fresh(), anyone().per(lookups)
	return []Route{
		{get, "/console/login", anyone(), s.loginForm, "The sign-in form"},
		{post, "/console/login", anyone(), s.signIn, "Sign in with the form's token"},
		{get, "/console/login/factor", anyone(), s.loginFactor, "The form for the second factor"},
		{post, "/console/login/factor", anyone(), s.loginFactor, "Show the second factor"},
		{post, "/console/login/challenge", anyone(), s.loginChallenge, "What a passkey must answer to, on the way in"},
		{get, "/console/login/enrol", anyone(), s.loginEnrol, "Set up the second factor a role cannot do without"},
		{post, "/console/login/enrol", anyone(), s.loginEnrol, "Keep that second factor and open the session"},
		{post, "/console/login/enrol/offer", anyone(), s.loginOffer, "What a new passkey is made of, on the way in"},
		{post, "/console/logout", signedIn(), s.signOut, "Sign out"},
		{get, "/console/invitation/:token", link, s.invitation, "The form behind an invitation's link"},
		{post, "/console/invitation/:token", link, s.invitation, "Set the password of the account the link is for"},
		{get, "/console/confirm", signedIn(), s.confirm, "Prove anew who you are, before what is sensitive"},
		{post, "/console/confirm", signedIn(), s.confirm, "Show the proof and go back"},
		{post, "/console/confirm/challenge", signedIn(), s.confirmChallenge, "What a passkey must answer to"},

		{get, "/console/account", signedIn(), s.accountPage, "One's own account"},
		{get, "/console/account/details", signedIn(), s.accountDetails, "The form of one's name and language"},
		{post, "/console/account/details", signedIn(), s.accountDetails, "Change one's name and language"},
		{get, "/console/account/password", signedIn(), s.accountPassword, "The form of a new password"},
		{post, "/console/account/password", signedIn(), s.accountPassword, "Change one's password, given the current one"},
		{get, "/console/account/factors/new", own, s.accountEnrol, "Set up a second factor"},
		{post, "/console/account/factors/new", own, s.accountEnrol, "Keep a second factor"},
		{post, "/console/account/factors/offer", own, s.accountOffer, "What a new passkey is made of"},
		{get, "/console/account/factors/:factor/rename", own, s.renameFactor, "The form of a factor's name"},
		{post, "/console/account/factors/:factor/rename", own, s.renameFactor, "Rename a second factor"},
		{get, "/console/account/factors/:factor/remove", own, s.removeFactor, "The form that removes a factor"},
		{post, "/console/account/factors/:factor/remove", own, s.removeFactor, "Remove a second factor"},
		{get, "/console/account/recovery-codes", own, s.newRecoveryCodes, "The form for new recovery codes"},
		{post, "/console/account/recovery-codes", own, s.newRecoveryCodes, "Make new recovery codes"},
		{get, "/console/account/sessions/end-others", own, s.endOtherSessions, "The form that signs out everywhere else"},
		{post, "/console/account/sessions/end-others", own, s.endOtherSessions, "Sign out everywhere else"},
		{get, "/console/account/sessions/:session/end", own, s.endOwnSession, "The form that ends one session"},
		{post, "/console/account/sessions/:session/end", own, s.endOwnSession, "End one session"},
		{get, "/console/account/tokens/new", own, s.createToken, "The form of a new token"},
		{post, "/console/account/tokens/new", own, s.createToken, "Make a token"},
		{get, "/console/account/tokens/:token/revoke", own, s.revokeOwnToken, "The form that ends a token"},
		{post, "/console/account/tokens/:token/revoke", own, s.revokeOwnToken, "End a token"},
	}
}
