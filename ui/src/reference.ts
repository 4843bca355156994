// The API's reference page at /docs: Swagger UI over /openapi.json. It was
// chosen because it runs from our own origin under default-src 'self'.

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({ url: "/openapi.json", dom_id: "#reference", deepLinking: true, docExpansion: "list", defaultModelsExpandDepth: 0 });
