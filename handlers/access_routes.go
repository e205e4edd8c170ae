package handlers

// accessRoutes lead in and out, and to one's own account.
func (s *Server) accessRoutes() []Route {
	return []Route{
		{get, "/console/login", anyone(), s.loginForm, "The sign-in form"},
		{post, "/console/login", anyone(), s.signIn, "Sign in with the form's token"},
		{post, "/console/logout", signedIn(), s.signOut, "Sign out"},
	}
}
