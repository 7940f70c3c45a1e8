"""Who is who: the public register, the organizations of a pool, their people, their roles, and the facts known of them."""
