"""Reading by programs: a door of tokens for every route, problems told in words, pages by cursor, and their OpenAPI."""
